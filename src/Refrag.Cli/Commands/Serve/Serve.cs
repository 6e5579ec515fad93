using Refrag.Cli.Context;
using Refrag.Dashboard.Problems;
using Refrag.Engine.Options;
using Refrag.Runners.Attempts;
using Refrag.Server;
using Refrag.Server.Access;
using Refrag.Server.Events;

namespace Refrag.Cli.Commands.Serve;

/// <summary>Runs the engine behind the server, until a signal.</summary>
internal sealed class Serve(CliContext context, ServeOptions options)
{
    private static readonly TimeSpan s_lastAnswers = TimeSpan.FromSeconds(5);

    private readonly string _state = options.State is { } given
        ? Path.GetFullPath(given, context.WorkingDirectory)
        : UserFolders.State(context.Variable);

    private readonly string? _jobFolder =
        options.JobFolder is { } folder ? Path.GetFullPath(folder, context.WorkingDirectory) : null;

    // Null if there is no file: then jobs with secrets are refused.
    private IReadOnlyDictionary<string, string>? _secrets;

    // What is started again before the server listens needs it too; a port that is free is known only then.
    private Uri? _metadata =
        Uri.TryCreate(options.Urls[0], UriKind.Absolute, out Uri? url) && url.Port > 0 ? ServerEnvironment.ForJobs(url) : null;

    /// <summary>Serves, or does what ends at once; 0 after a signal, <see cref="ExitCodes.Usage"/> where it could not start.</summary>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        // Of a server that runs: this one's state is not touched.
        if (options.Check) return await new ServerCheck(context).RunAsync([.. options.Urls.Select(ToUri)], cancellationToken);
        if (ServeScope.Check(options) is { Count: > 0 } unknown) return context.Refuse(unknown);
        if (OpenSsl.Check(context) is { Count: > 0 } missing) return context.Refuse(missing);
        if (options.Export is not null || options.Import is not null)
            return await new StateMove(context, ServedRegions.Folder(_state, options.Region), options.Account, options.Region)
                .RunAsync(options.Export, options.Import, cancellationToken);
        if (!AccessKeyFile.Open(_state).TryGet(out IReadOnlyList<AccessKey>? keys, out IReadOnlyList<Problem> problems))
            return context.Refuse(problems);
        if (options.PrintEnv) return Print(keys);
        var events = new EventHub();
        BatchServerOptions settings = ServerOptions(keys, events);
        // Before the engine, which would take the state for nothing.
        if (ServeProblems.Check(settings) is { Count: > 0 } wrong) return context.Refuse(wrong);
        if (options.Dashboard is { } page && DashboardProblems.CheckAddress(ToUri(page)) is { } unfit) return context.Refuse([unfit]);
        if (_jobFolder is { } folder && !Directory.Exists(folder)) return context.Refuse([NoJobFolder(options.JobFolder!)]);
        if (options.Secrets is { } file
            && !SecretsFile.Read(Path.GetFullPath(file, context.WorkingDirectory), file).TryGet(out _secrets, out problems))
            return context.Refuse(problems);
        if (!Rehearsal.Read(context, options).TryGet(out Rehearsal? rehearsal, out problems)) return context.Refuse(problems);
        context.Signals.Listen();
        Result<ServedRegions> opened = await ServedRegions.OpenAsync(
            _state, options.Region, region => EngineOptions(region, events, rehearsal), options.Runner, rehearsal.Time,
            region => ReportRegion(region, rehearsal), cancellationToken);
        if (!opened.TryGet(out ServedRegions? regions, out problems)) return context.Refuse(problems);
        await using (regions) return await ServeAsync(regions, keys[0],
            settings with
            {
                Regions = regions.TransportAsync,
                TaskMetadata = regions.TaskMetadataAsync,
                Rehearsing = ServedEngine.Rehearsing(regions),
                Runner = regions.Runner.Kind.ToString().ToLowerInvariant(),
                Health = regions.Health,
            }, cancellationToken);
    }

    private async Task<int> ServeAsync(
        ServedRegions regions, AccessKey key, BatchServerOptions settings, CancellationToken cancellationToken)
    {
        Result<BatchServer> started = await BatchServer.StartAsync(
            settings, await regions.FindAsync(options.Region), context.Time, cancellationToken);
        if (!started.TryGet(out BatchServer? server, out IReadOnlyList<Problem> problems)) return context.Refuse(problems);
        await using (server)
        {
            _metadata = ServerEnvironment.ForJobs(server.Urls[0]);
            Task stop = StopAsync(cancellationToken);
            await Task.WhenAny(stop, regions.Ready);
            Report(server, regions.Runner);
            await using ServedPage? page = options.Dashboard is { } address ? new ServedPage(context, address) : null;
            // Jobs may run already: a page that does not start, which has said why, is no reason to end them.
            if (page is not null && !await page.StartAsync(_metadata, options.Region, key, stop))
                context.Terminal.Note("The page did not start. The server continues without it.");
            await Task.WhenAny(stop, regions.Failed);
            if (regions.Failed is { IsCompleted: true } failed) return await FailAsync(await failed, stop);
            context.Terminal.Note("Stopping. Press Ctrl-C again to stop immediately.");
        }
        return ExitCodes.Success;
    }

    // The server answers for a moment more, so that a health check can read the reason.
    private async Task<int> FailAsync(Problem problem, Task stop)
    {
        context.Terminal.Problems([problem]);
        await Task.WhenAny(stop, Task.Delay(s_lastAnswers, context.Time, CancellationToken.None));
        return ExitCodes.EngineFailed;
    }

    private static Problem NoJobFolder(string folder) => new()
    {
        Code = "RF5035",
        What = $"--job-folder={folder} is not a folder",
        Cause = "Every job that is a process starts in it",
        Cure = "Make the folder, or name another.",
    };

    private int Print(IReadOnlyList<AccessKey> keys)
    {
        foreach (string line in ServerEnvironment.Exports(options.Urls[0], keys[0], options.Region)) context.Terminal.Output(line);
        return ExitCodes.Success;
    }

    private LocalBatchOptions EngineOptions(string region, EventHub events, Rehearsal rehearsal)
    {
        string folder = ServedRegions.Folder(_state, region);
        LocalBatchOptions usual = UsualEngine(folder, events) with
        {
            Account = options.Account,
            Region = region,
            Fleets = rehearsal.Fleets(region),
            ChangeLatency = rehearsal.Latency,
            ListDelay = rehearsal.ListDelay,
        };
        if (options.Bare) return usual with { Queues = [], Definitions = [] };
        return options.Fleet ? usual with { Queues = rehearsal.Queues(region) } : usual;
    }

    private LocalBatchOptions UsualEngine(string folder, EventHub events) => new()
    {
        StateDirectory = folder,
        Log = context.Terminal.Note,
        WorkFolder = _jobFolder is null ? Path.Combine(folder, "work") : null,
        WorkingDirectory = _jobFolder ?? context.WorkingDirectory,
        Events = events,
        PassedVariables = options.PassEnv,
        Secrets = _secrets,
        MetadataAddress = () => _metadata,
        // The image's entry point is refrag, so its commands begin with refrag's verb; there is no program of that name.
        Programs = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal)
        {
            ["exec"] = [.. CurrentExecutable.Command, "exec"],
        },
    };

    private BatchServerOptions ServerOptions(IReadOnlyList<AccessKey> keys, EventHub events) => new()
    {
        Urls = [.. options.Urls.Select(ToUri)],
        Keys = options.AllowAnyCredentials ? null : keys,
        Region = options.Region,
        AllowRemote = options.AllowRemote,
        AllowedHosts = options.AllowedHosts,
        Events = events,
        EventFile = options.EventsFile is { } file ? Path.GetFullPath(file, context.WorkingDirectory) : null,
        EventWebhook = options.EventsWebhook is { } url ? ToUri(url) : null,
        Log = context.Terminal.Note,
    };

    // What is no URL at all is reported as such by the server's own check.
    private static Uri ToUri(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? url) ? url : new Uri(Uri.EscapeDataString(text), UriKind.Relative);

    private void Report(BatchServer server, RunnerReport runner)
    {
        foreach (Uri url in server.Urls) context.Terminal.Output($"Listening on {url.GetLeftPart(UriPartial.Authority)}");
        foreach (string line in (string[])[runner.Summary, .. runner.Notes]) context.Terminal.Note(line);
        context.Terminal.Note(options.AllowAnyCredentials
            ? "Any credentials are taken, from this machine."
            : $"Keys are in {Path.Combine(_state, AccessKeyFile.Name)}; point clients here with: eval \"$(refrag serve --print-env "
                + $"--state {_state} --urls {server.Urls[0].GetLeftPart(UriPartial.Authority)})\"");
    }

    private void ReportRegion(string region, Rehearsal rehearsal)
    {
        if (region != options.Region)
            context.Terminal.Note($"{region} is served too; its state is in {ServedRegions.Folder(_state, region)}.");
        foreach (string line in rehearsal.Notes(region, options.Fleet)) context.Terminal.Note(line);
    }

    private static async Task StopAsync(CancellationToken cancellationToken)
    {
        var stop = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using CancellationTokenRegistration registration = cancellationToken.Register(stop.SetResult);
        await stop.Task;
    }
}
