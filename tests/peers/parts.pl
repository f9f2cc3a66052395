#!/usr/bin/perl
# The parts of each mail file as Email::MIME (parts.pl mail FILE...) or
# MIME::Tools (parts.pl tools FILE...) sees them; a line of JSON a message:
# [type, method, name, Content-ID, SHA-1] of each part that is not text.
use strict;
use warnings;
use Digest::SHA 'sha1_hex';
use Email::MIME;
use Email::MIME::ContentType;
use JSON::PP;
use MIME::Parser;

my ($reader, @files) = @ARGV;

sub bare { my $s = shift // ''; $s =~ s/[<>\s]//g; $s }

sub mail {
	my @list;
	Email::MIME->new(shift)->walk_parts(sub {
		my $p = shift;
		return if $p->subparts;
		my $t = parse_content_type($p->content_type);
		push @list, ["$t->{type}/$t->{subtype}",
			$t->{attributes}{method} // '', $p->filename // '',
			bare($p->header('Content-ID')), sha1_hex($p->body)];
	});
	return @list;
}

sub tools {
	my $parser = MIME::Parser->new;
	$parser->output_to_core(1);
	$parser->tmp_to_core(1);
	my (@todo, @list) = ($parser->parse_data(shift));
	while (my $e = shift @todo) {
		unshift @todo, $e->parts;
		next if $e->parts;
		my $h = $e->head;
		push @list, [$h->mime_type, $h->mime_attr('content-type.method') // '',
			$h->recommended_filename // '', bare($h->get('Content-ID')),
			sha1_hex($e->bodyhandle->as_string)];
	}
	return @list;
}

for my $path (@files) {
	open(my $file, '<:raw', $path) or die "$path: $!\n";
	my $text = do { local $/; <$file> };
	my @list = $reader eq 'mail' ? mail($text) : tools($text);
	print JSON::PP->new->ascii->encode(
		[grep { $_->[0] !~ m{^text/(plain|html)$} || $_->[2] } @list]), "\n";
}
