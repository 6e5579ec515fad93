using System.CommandLine;
using Refrag.Cli.Configuration;
using Refrag.Cli.Connections;
using Refrag.Cli.Context;
using Refrag.Dashboard;
using Refrag.Dashboard.Sources;
using Refrag.Jobs;

namespace Refrag.Cli.Commands.Dashboard;

/// <summary><c>refrag dashboard</c>: queues and jobs in a browser on this machine.</summary>
internal static class DashboardVerb
{
    private const string UsualUrl = "http://127.0.0.1:9100";

    // AWS lets an account list some dozens of times a second, all its clients together; another endpoint is there for its user.
    private const double UsualRateOfAws = 4;
    private const double UsualRate = 200;
    private const double MostRate = 1000;

    public static Command Create(CliContext context)
    {
        QueryOptions options = new() { NotOnSlurm = "use `refrag top`" };
        Option<string> url = new("--url")
        {
            Description = "Where to listen, on this machine alone; port 0 takes a free one.",
            DefaultValueFactory = _ => UsualUrl,
        };
        Option<bool> readOnly = new("--read-only") { Description = "Show everything, and end or repeat no job." };
        Option<double?> rate = new Option<double?>("--requests-per-second")
        {
            Description = "Most requests of reading to Batch. Default: 4 for AWS, 200 for others.",
        }.Must(static value => value is > 0 and <= MostRate, "must be above 0, and at most 1000");
        Option<bool> endsWithInput = new("--end-with-input")
        {
            Description = "End when standard input ends: with the program that started it.",
        };
        Command verb = options.PlainVerb("dashboard",
            "Show queues and jobs in a browser on this machine.\n"
            + "Prints an address that opens the page once, in one browser; Ctrl-C ends it.", url, readOnly, rate, endsWithInput);
        verb.SetAction((parsed, cancellationToken) => QuerySession.RunAsync(context, options, parsed, async session =>
        {
            double perSecond = parsed.GetValue(rate) ?? (session.IsAws ? UsualRateOfAws : UsualRate);
            IReadOnlyList<string> folders = Configurations.Folders(context, options.FoldersOf(parsed));
            var settings = new DashboardOptions
            {
                Url = ToUri(parsed.GetRequiredValue(url)),
                Place = PlaceOf(session),
                ReadOnly = parsed.GetValue(readOnly),
                RequestsPerSecond = perSecond,
                Announce = next => context.Terminal.Note($"For another browser: {next}"),
                Log = context.Terminal.Note,
            };
            SessionSource source = new(session, () => new BudgetGate(context, folders, exceeds: false));
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            if (parsed.GetValue(endsWithInput)) _ = EndWithInputAsync(stop);
            return await ServeAsync(session, settings, source, stop.Token);
        }));
        return verb;
    }

    private static async Task<int> ServeAsync(
        QuerySession session, DashboardOptions settings, SessionSource source, CancellationToken cancellationToken)
    {
        CliContext context = session.Context;
        // The page reads without a pause: a slow answer is its own to show.
        session.Progress.IsSilent = true;
        Result<DashboardServer> started =
            await DashboardServer.StartAsync(settings, source, context.Time, cancellationToken);
        if (!started.TryGet(out DashboardServer? server, out IReadOnlyList<Problem> problems)) return context.Refuse(problems);
        await using (server)
        {
            context.Terminal.Output($"Open {server.Entrance}");
            context.Terminal.Note(settings.ReadOnly
                ? "The address opens the page once, in one browser. It changes nothing: --read-only."
                : "The address opens the page once, in one browser, which may then end and repeat jobs.");
            var stop = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            using CancellationTokenRegistration registration = cancellationToken.Register(stop.SetResult);
            await stop.Task;
        }
        return ExitCodes.Success;
    }

    // A read of a pipe cannot be given up: it ends with the process.
    private static Task EndWithInputAsync(CancellationTokenSource stop) => Task.Factory.StartNew(
        () =>
        {
            using Stream input = Console.OpenStandardInput();
            while (input.ReadByte() >= 0)
            {
                // What comes says nothing.
            }
            try
            {
                stop.Cancel();
            }
            catch (ObjectDisposedException)
            {
                // It has ended before.
            }
        },
        CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private static DashboardPlace PlaceOf(QuerySession session)
    {
        if (session.IsLocal) return new DashboardPlace { Name = "this machine", Words = "env=local" };
        ConnectionSpec connection = session.Spec.Connection;
        List<string> words = ["env=awsbatch"];
        if (connection.Region is { } region) words.Add($"env.region={region}");
        if (connection.Profile is { } profile) words.Add($"env.profile={profile}");
        if (connection.EndpointUrl is { } endpoint) words.Add($"env.endpoint_url={endpoint}");
        return new DashboardPlace
        {
            Name = session.IsAws ? "AWS" : session.Connection!.Place,
            Region = session.Region,
            Words = string.Join(' ', words.Select(ShellWord.Quote)),
            IsAws = session.IsAws,
        };
    }

    private static Uri ToUri(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? url) ? url : new Uri(Uri.EscapeDataString(text), UriKind.Relative);
}
