# Mail::DKIM's verdicts: maildkim.pl KEYS FILE... A line a file: NAME, and each
# signature's algorithm with pass, fail or unsupported. With
# "-" the keys are in the DNS.
use strict;
use warnings;
use Mail::DKIM::PublicKey;
use Mail::DKIM::Verifier;

my $keys = shift;
if ($keys ne '-') {
	my %keys;
	open my $list, '<', $keys or die $!;
	while (<$list>) {
		chomp;
		my ($name, $record) = split / /, $_, 2;
		$keys{$name} = $record;
	}
	no warnings 'redefine';
	*Mail::DKIM::PublicKey::fetch_async = sub {
		my ($class, %prms) = @_;
		my $name = "$prms{Selector}._domainkey.$prms{Domain}";
		my $record = $keys{$name};
		my $key = defined $record ?
			eval { Mail::DKIM::PublicKey->parse($record) } : undef;
		$prms{Callbacks}->{Success}->($key);
		return sub { };
	};
}
for my $path (@ARGV) {
	open my $message, '<:raw', $path or die $!;
	my $verifier = Mail::DKIM::Verifier->new;
	$verifier->PRINT($_) while <$message>;
	$verifier->CLOSE;
	my @verdicts;
	for my $signature ($verifier->signatures) {
		my $algorithm = $signature->algorithm =~ /ed25519/ ?
			'ed25519' : 'rsa';
		my $result = $signature->result;
		$result = 'unsupported' if $result eq 'invalid' &&
			$signature->result_detail =~ /unsupported algorithm/;
		$result = 'fail' unless $result =~ /^(pass|unsupported)$/;
		push @verdicts, "$algorithm=$result";
	}
	print join(' ', $path =~ m,([^/]*)$,, @verdicts), "\n";
}
