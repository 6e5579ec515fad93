using System.CommandLine;
using Refrag.Aws;
using Refrag.Cli.Context;
using Refrag.Engine.Options;

namespace Refrag.Cli.Commands.Serve;

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
        Option<string?> state = new("--state")
        {
            Description = "Folder for state. Default: $XDG_STATE_HOME/refrag, or ~/.local/state/refrag.",
        };
        Option<string> runner = new("--runner")
        {
            Description =
                "What runs jobs: process, container, simulated, or auto (container if possible).",
            DefaultValueFactory = _ => "auto",
        };
        runner.CompletionSources.Add("auto", "container", "process", "simulated");
        Option<string> account = new("--account")
        {
            Description = "The account that ARNs name, 12 digits. A state keeps the one it was made for.",
            DefaultValueFactory = _ => LocalBatchOptions.UsualAccount,
        };
        Option<string> region = new("--region")
        {
            Description = "The region of unsigned requests, of --print-env, --export and --import.",
            DefaultValueFactory = _ => AwsRegions.Usual,
        };
        Option<bool> bare = new("--bare")
        {
            Description =
                "Start a new state without queues, environments and definitions, for Terraform.",
        };
        Option<bool> fleet = new("--fleet")
        {
            Description =
                "Give a new state's queues fleets of simulated instances, like infra/terraform.",
        };
        Option<string?> instanceStart = new("--instance-start")
        {
            Description = "How long an instance of a fleet takes to start: 90s, 2m. Default: 2s.",
        };
        Option<string?> latency = new("--latency")
        {
            Description = "How long queues and environments take to change: 5s. Default: no time.",
        };
        Option<string?> listDelay = new("--list-delay")
        {
            Description = "How long lists of a queue or resource lack a new job: 5s. Default: no time.",
        };
        Option<double> clock = new("--clock")
        {
            Description = "Speed of time, 1 to 100000; more than 1 needs --runner simulated.",
            DefaultValueFactory = _ => 1,
        };
        Option<string?> scenario = new("--scenario") { Description = "A YAML file of what goes wrong with fleets, and when." };
        Option<bool> printEnv = new("--print-env")
        {
            Description = "Print exports for AWS clients, and end: eval \"$(refrag serve --print-env)\".",
        };
        Option<bool> check = new("--check")
        {
            Description = "Ask the server at --urls whether it takes requests, and end; 0 if it does.",
        };
        Option<bool> anyCredentials = new("--allow-any-credentials")
        {
            Description = "Take any Authorization header, unchecked. On loopback alone.",
        };
        Option<bool> remote = new("--allow-remote")
        {
            Description = "Listen also where other machines reach it; a key lets them run commands here.",
        };
        Option<string[]> hosts = new("--allowed-host")
        {
            Description = "Another host name that the server answers to; may be given more than once.",
        };
        Option<string?> file = new("--events-file")
        {
            Description = "Append events to a file, one JSON object a line, in the form of EventBridge.",
        };
        Option<string?> webhook = new("--events-webhook") { Description = "Post each event to a URL." };

        Option<string[]> passEnv = new("--pass-env")
        {
            Description = "A variable of the server that jobs get; may be given more than once.",
        };
        Option<string?> secrets = new("--secrets")
        {
            Description = "A file with the values of jobs' secrets, by ARN; readable by its owner alone.",
        };
        Option<string?> jobFolder = new("--job-folder")
        {
            Description = "One folder that all processes start in. Default: one for each attempt.",
        };
        Option<string?> export = new("--export")
        {
            Description = "Write the state as JSON lines to a file (- for standard output), and end.",
        };
        Option<string?> import = new("--import")
        {
            Description = "Read such a file into a new state folder, and end; - for standard input.",
        };

        Option<string?> dashboard = new("--dashboard")
        {
            HelpName = "url",
            Description = $"Serve the page of refrag dashboard too. Default: {ServedPage.UsualAddress}.",
            Arity = ArgumentArity.ZeroOrOne,
        };

        Command verb = new("serve", "Serve AWS Batch on this machine, for the AWS CLI, SDKs and Terraform.")
        {
            urls, state, runner, account, region, bare, fleet, instanceStart, latency, listDelay, clock, scenario, printEnv, check,
            anyCredentials, remote, hosts, file, webhook, passEnv, secrets, jobFolder, export, import, dashboard,
        };
        verb.SetAction((parsed, cancellationToken) => new Serve(context, new ServeOptions
        {
            Urls = parsed.GetRequiredValue(urls),
            State = parsed.GetValue(state),
            Runner = parsed.GetRequiredValue(runner),
            Account = parsed.GetRequiredValue(account),
            Region = parsed.GetRequiredValue(region),
            Bare = parsed.GetValue(bare),
            Fleet = parsed.GetValue(fleet),
            InstanceStart = parsed.GetValue(instanceStart),
            Latency = parsed.GetValue(latency),
            ListDelay = parsed.GetValue(listDelay),
            Clock = parsed.GetValue(clock),
            Scenario = parsed.GetValue(scenario),
            PrintEnv = parsed.GetValue(printEnv),
            Check = parsed.GetValue(check),
            AllowAnyCredentials = parsed.GetValue(anyCredentials),
            AllowRemote = parsed.GetValue(remote),
            AllowedHosts = parsed.GetValue(hosts) ?? [],
            EventsFile = parsed.GetValue(file),
            EventsWebhook = parsed.GetValue(webhook),
            PassEnv = parsed.GetValue(passEnv) ?? [],
            Secrets = parsed.GetValue(secrets),
            JobFolder = parsed.GetValue(jobFolder),
            Export = parsed.GetValue(export),
            Import = parsed.GetValue(import),
            Dashboard = parsed.GetResult(dashboard) is null ? null : parsed.GetValue(dashboard) ?? ServedPage.UsualAddress,
        }).RunAsync(cancellationToken));
        return verb;
    }
}
