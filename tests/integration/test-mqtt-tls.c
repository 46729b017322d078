/* SPDX-License-Identifier: MIT */
/* The mqtt output over TLS: only the right broker gets anything, and the reason is told.
 */
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "mqtt_broker.h"
#include "mqtt_plugin.h"
#include "tap.h"

/* A listener that shows the certificate NAME. */
#define SHOWS(name)                                                                      \
	"allow_anonymous true\ncafile %s/authority.pem\ncertfile %s/" name               \
	".pem\nkeyfile %s/" name ".key\n"

static struct mqtt_broker broker;
static struct plugin_host *host;

/* A file of the broker's folder; good until the next call but three. */
static const char *file(const char *name)
{
	static char paths[4][128];
	static unsigned next;
	char *path = paths[next++ % 4];

	snprintf(path, sizeof paths[0], "%s/%s", broker.folder, name);
	return path;
}

static void restart(const char *config)
{
	mqtt_broker_kill(&broker);
	mqtt_broker_start(&broker, config);
}

/* A new plugin with tls = yes and the authority; `host` must be freed by end(). */
static void begin(const char *config)
{
	restart(config);
	host = mqtt_plugin(broker.port, "5s");
	plugin_host_set(host, "tls", "yes");
	plugin_host_set(host, "ca_file", file("authority.pem"));
}

static void end(void)
{
	plugin_host_free(host);
}

static const char *up(void)
{
	return plugin_host_link_why(host, FRAME_LINK_UP);
}

static void the_right_broker_gets_the_frames(void)
{
	begin(SHOWS("good"));
	ok(plugin_host_open(host) && says(up(), "MQTT 5, TLSv1.3") &&
	           plugin_host_drive(host, 1, 2000, "t", 20000) &&
	           plugin_host_count(host, FRAME_DELIVERED) == 2000,
	   "frames are delivered, and status says how");
	plugin_host_close(host);
	plugin_host_set(host, "protocol", "3.1.1");
	ok(plugin_host_open(host) && says(up(), "MQTT 3.1.1, TLSv1.3") &&
	           plugin_host_drive(host, 1, 100, "t", 5000),
	   "and by MQTT 3.1.1 as well");
	end();
}

static void the_systems_authorities_are_the_default(void)
{
	begin(SHOWS("good"));
	plugin_host_set(host, "ca_file", NULL);
	ok(!plugin_host_open(host) && says(plugin_host_why(host), "certificate") &&
	           says(plugin_host_why(host),
	                "(set ca_file to a file with its authority)"),
	   "an authority that the system does not know is not trusted");
	printf("# %s\n", plugin_host_why(host));
	setenv("SSL_CERT_FILE", file("authority.pem"),
	       1); /* as if it were the system's */
	ok(plugin_host_open(host), "one that the system knows is, without ca_file");
	plugin_host_close(host);
	plugin_host_set(host, "cert_file", file("client.pem"));
	plugin_host_set(host, "key_file", file("client.key"));
	ok(plugin_host_open(host), "also along with a certificate of our own");
	unsetenv("SSL_CERT_FILE");
	end();
}

static void a_wrong_broker_gets_nothing_and_the_reason_is_told(void)
{
	static const struct {
		const char *config, *ca_file, *words, *text;
	} cases[] = {
		{SHOWS("expired"), "authority.pem",
	         "certificate verify failed: certificate has expired", "an expired one"},
		{SHOWS("future"), "authority.pem", "certificate is not yet valid",
	         "one that is not valid yet"},
		{SHOWS("elsewhere"), "authority.pem",
	         "failed: the certificate is not for 127.0.0.1", "that of another host"},
		{SHOWS("alone"), "authority.pem", "(ca_file does not have its authority)",
	         "a self-signed one"},
		{SHOWS("good"), "stranger.pem",
	         "certificate verify failed: ", "one of an unknown authority"},
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		begin(cases[i].config);
		plugin_host_set(host, "ca_file", file(cases[i].ca_file));
		ok(!plugin_host_open(host) && says(plugin_host_why(host), cases[i].words),
		   "no connection with a certificate that is %s", cases[i].text);
		printf("# %s\n", plugin_host_why(host));
		end();
	}
}

static void a_broker_that_is_put_right_is_connected_at_the_next_try(void)
{
	begin(SHOWS("expired"));
	ok(!plugin_host_open(host), "an expired certificate is refused");
	restart(SHOWS("good"));
	ok(plugin_host_open(host) && plugin_host_drive(host, 1, 10, "t", 5000),
	   "a new one is accepted without a restart");
	end();
}

static void insecure_is_possible_and_shown(void)
{
	begin(SHOWS("expired"));
	plugin_host_set(host, "insecure", "yes");
	ok(plugin_host_open(host) && says(up(), "certificate is not verified"),
	   "insecure = yes connects and shows in status");
	end();
}

static void plain_and_encrypted_do_not_mix(void)
{
	begin("allow_anonymous true\n");
	ok(!plugin_host_open(host) && says(plugin_host_why(host), "does it speak TLS?"),
	   "a broker without TLS is not spoken to in plain");
	printf("# %s\n", plugin_host_why(host));
	end();
	begin(SHOWS("good"));
	plugin_host_set(host, "tls", NULL);
	plugin_host_set(host, "ca_file", NULL);
	ok(!plugin_host_open(host) && says(plugin_host_why(host), "does it want TLS?"),
	   "a TLS port does not answer without TLS");
	printf("# %s\n", plugin_host_why(host));
	end();
}

/* mosquitto has no upper limit for the version; openssl's own server has.  Its port is
 * written to `port`, "" when it does not run. */
static pid_t start_old_server(char port[8])
{
	char cert[128], key[128], line[512];
	FILE *said;
	pid_t pid;
	int out[2];

	snprintf(cert, sizeof cert, "%s", file("good.pem"));
	snprintf(key, sizeof key, "%s", file("good.key"));
	port[0] = '\0';
	fflush(stdout);
	if (pipe(out) < 0 || (pid = fork()) < 0)
		return 0;
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		dup2(out[1], 1);
		dup2(out[1], 2);
		execlp("openssl", "openssl", "s_server", "-accept", "127.0.0.1:0",
		       "-tls1_1", "-www", "-cipher", "ALL:@SECLEVEL=0", "-cert", cert,
		       "-key", key, (char *)NULL);
		_exit(127);
	}
	close(out[1]);
	said = fdopen(out[0], "r");
	while (port[0] == '\0' && fgets(line, sizeof line, said) != NULL)
		sscanf(line, "ACCEPT 127.0.0.1:%7[0-9]", port);
	fclose(said);
	return pid;
}

static void a_peer_that_is_too_old_is_left(void)
{
	char port[8];
	pid_t pid = start_old_server(port);

	if (port[0] == '\0') {
		printf("ok %d # SKIP openssl makes no server with TLS 1.1\n", ++tap_run);
	} else {
		begin(SHOWS("good"));
		plugin_host_set(host, "port", port);
		ok(!plugin_host_open(host) &&
		           says(plugin_host_why(host), "TLS with 127.0.0.1"),
		   "a server that knows only TLS 1.1 is too old");
		printf("# %s\n", plugin_host_why(host));
		end();
	}
	if (pid > 0) {
		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
	}
}

static void a_certificate_of_our_own_is_shown(void)
{
	begin(SHOWS("good") "require_certificate true\n");
	ok(!plugin_host_open(host) && says(plugin_host_why(host), "certificate required"),
	   "a broker that wants a certificate says so");
	printf("# %s\n", plugin_host_why(host));
	plugin_host_set(host, "cert_file", file("foreign.pem"));
	plugin_host_set(host, "key_file", file("foreign.key"));
	ok(!plugin_host_open(host) && says(plugin_host_why(host), "unknown ca"),
	   "and does not take one of another authority");
	printf("# %s\n", plugin_host_why(host));
	plugin_host_set(host, "cert_file", file("client.pem"));
	plugin_host_set(host, "key_file", file("client.key"));
	ok(plugin_host_open(host) && plugin_host_drive(host, 1, 100, "t", 5000),
	   "the right one is taken");
	end();
}

static void files_that_do_not_fit_are_explained(void)
{
	begin(SHOWS("good"));
	plugin_host_set(host, "cert_file", file("client.pem"));
	plugin_host_set(host, "key_file", file("foreign.key"));
	ok(!plugin_host_open(host) && says(plugin_host_why(host), "key values mismatch"),
	   "the key of another certificate is named as such");
	printf("# %s\n", plugin_host_why(host));
	plugin_host_set(host, "key_file", file("locked.key"));
	ok(!plugin_host_open(host) &&
	           says(plugin_host_why(host), "failed: key_file needs a "
	                                       "passphrase, which cannot be given"),
	   "a key with a passphrase is not asked for on a terminal");
	printf("# %s\n", plugin_host_why(host));
	plugin_host_set(host, "key_file", file("missing.key"));
	ok(!plugin_host_open(host) &&
	           says(plugin_host_why(host), "missing.key: No such file or directory"),
	   "a file that is gone is named");
	plugin_host_set(host, "cert_file", NULL);
	plugin_host_set(host, "key_file", NULL);
	plugin_host_set(host, "ca_file", file("authority.key"));
	ok(!plugin_host_open(host) && says(plugin_host_why(host), "Unable to load CA"),
	   "a ca_file without a certificate is no authority");
	printf("# %s\n", plugin_host_why(host));
	end();
}

int main(void)
{
	if (!mqtt_broker_is_installed()) {
		printf("1..0 # SKIP mosquitto is not installed\n");
		return 0;
	}
	mqtt_broker_init(&broker);
	if (!mqtt_broker_make_certificates(&broker)) {
		mqtt_broker_end(&broker);
		printf("1..0 # SKIP openssl is not installed, or makes no "
		       "certificates\n");
		return 0;
	}
	the_right_broker_gets_the_frames();
	the_systems_authorities_are_the_default();
	a_wrong_broker_gets_nothing_and_the_reason_is_told();
	a_broker_that_is_put_right_is_connected_at_the_next_try();
	insecure_is_possible_and_shown();
	plain_and_encrypted_do_not_mix();
	a_peer_that_is_too_old_is_left();
	a_certificate_of_our_own_is_shown();
	files_that_do_not_fit_are_explained();
	mqtt_broker_end(&broker);
	return done();
}
