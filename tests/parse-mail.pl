#!/usr/bin/perl
# What Perl's Email::MIME sees in the mail files given: one JSON object a
# message, with the members to, name, subject, text and html.
use strict;
use warnings;
use Email::MIME;
use JSON::PP;

my $json = JSON::PP->new->canonical->ascii;

for my $path (@ARGV) {
	open(my $file, '<:raw', $path) or die "$path: $!\n";
	my $mail = Email::MIME->new(do { local $/; <$file> });
	my @to = $mail->header_as_obj('To')->addresses;
	my @parts = $mail->subparts;
	die "$path: not two parts to one person\n" if @to != 1 || @parts != 2;
	my ($text, $html) = map { $_->body_str } @parts;
	s/\r\n/\n/g for $text, $html;
	print $json->encode({
		to => $to[0]->address,
		name => $to[0]->phrase // '',
		subject => $mail->header_str('Subject'),
		text => $text,
		html => $html,
	}), "\n";
}
