using System.CommandLine;
using Refrag.Cli.Serving;

namespace Refrag.Cli.Verbs;

/// <summary><c>refrag serve</c>: AWS Batch on this machine, for stock AWS clients.</summary>
internal static class ServeVerb
{
    public static Command Create(CliContext context)
    {
        Option<string[]> urls = new("--urls")
        {
            Description = "Where to listen; may be given more than once. Port 0 takes a free one.",
            DefaultValueFactory = _ => ["http://127.0.0.1:9099"],
        };
        Option<string?> state = new("--state") { Description = "The folder of state and access keys. Default: $XDG_STATE_HOME/refrag or ~/.local/state/refrag." };
        Option<string> runner = new("--runner")
        {
            Description = "What runs jobs: process, container (Docker or podman), simulated (nothing runs), or auto: containers where an engine answers, else processes.",
            DefaultValueFactory = _ => "auto",
        };
        Option<bool> bare = new("--bare") { Description = "Start a new state without queues, compute environments and job definitions, as an AWS account begins: for Terraform, which makes them." };
        Option<bool> printEnv = new("--print-env") { Description = "Print the exports that point AWS clients at this server, and end: eval \"$(refrag serve --print-env)\"." };
        Option<bool> anyCredentials = new("--allow-any-credentials") { Description = "Take any Authorization header, unchecked. On loopback alone." };
        Option<bool> remote = new("--allow-remote") { Description = "Let addresses be listened on that other machines reach. Whoever has a key runs commands here." };
        Option<string[]> hosts = new("--allowed-host") { Description = "Another host name that the server answers to; may be given more than once." };
        Option<string?> file = new("--events-file") { Description = "Append events to a file, one JSON object a line, as EventBridge tells them." };
        Option<string?> webhook = new("--events-webhook") { Description = "Post each event to a URL." };

        Command verb = new("serve", "Serve AWS Batch on this machine, for the AWS CLI, SDKs and Terraform.")
        {
            urls, state, runner, bare, printEnv, anyCredentials, remote, hosts, file, webhook,
        };
        verb.SetAction((parsed, cancellationToken) => new Serve(context, new ServeOptions
        {
            Urls = parsed.GetRequiredValue(urls),
            State = parsed.GetValue(state),
            Runner = parsed.GetRequiredValue(runner),
            Bare = parsed.GetValue(bare),
            PrintEnv = parsed.GetValue(printEnv),
            AllowAnyCredentials = parsed.GetValue(anyCredentials),
            AllowRemote = parsed.GetValue(remote),
            AllowedHosts = parsed.GetValue(hosts) ?? [],
            EventsFile = parsed.GetValue(file),
            EventsWebhook = parsed.GetValue(webhook),
        }).RunAsync(cancellationToken));
        return verb;
    }
}
