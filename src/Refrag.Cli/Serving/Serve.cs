using Refrag.Cli.Running;
using Refrag.Engine;
using Refrag.Server;
using Refrag.Server.Access;
using Refrag.Server.Events;

namespace Refrag.Cli.Serving;

/// <summary>Runs the engine behind the server, until a signal.</summary>
internal sealed class Serve(CliContext context, ServeOptions options)
{
    private readonly string _state = options.State is { } given ? Path.GetFullPath(given, context.WorkingDirectory) : StateFolder.Default(context.Variable);

    /// <summary>Serves; 0 after a signal, <see cref="ExitCodes.Usage"/> where it could not start.</summary>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        if (!AccessKeyFile.Open(_state).TryGet(out IReadOnlyList<AccessKey>? keys, out IReadOnlyList<Problem> problems)) return Refuse(problems);
        if (options.PrintEnv) return Print(keys);
        context.Signals.Listen();
        var events = new EventHub();
        await using var batch = new LocalBatch(EngineOptions(events), context.Time);
        Result<BatchServer> started = await BatchServer.StartAsync(ServerOptions(keys, events), batch, batch, context.Time, cancellationToken);
        if (!started.TryGet(out BatchServer? server, out problems)) return Refuse(problems);
        await using (server)
        {
            Tell(server);
            await WaitAsync(cancellationToken);
            context.Terminal.Note("Stopping; once more to stop at once.");
        }
        return ExitCodes.Success;
    }

    private int Refuse(IReadOnlyList<Problem> problems)
    {
        context.Terminal.Problems(problems);
        return ExitCodes.Usage;
    }

    private int Print(IReadOnlyList<AccessKey> keys)
    {
        foreach (string line in ServerEnvironment.Exports(options.Urls[0], keys[0])) context.Terminal.Output(line);
        return ExitCodes.Success;
    }

    private LocalBatchOptions EngineOptions(EventHub events) => new()
    {
        WorkingDirectory = context.WorkingDirectory,
        Events = events,
        // The image's entry point is refrag, so its commands begin with refrag's verb; there is no program of that name.
        Programs = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal) { ["exec"] = [.. OwnProgram.Command, "exec"] },
    };

    private BatchServerOptions ServerOptions(IReadOnlyList<AccessKey> keys, EventHub events) => new()
    {
        Urls = [.. options.Urls.Select(text => new Uri(text, UriKind.RelativeOrAbsolute))],
        Keys = options.AllowAnyCredentials ? null : keys,
        AllowRemote = options.AllowRemote,
        AllowedHosts = options.AllowedHosts,
        Events = events,
        EventFile = options.EventsFile is { } file ? Path.GetFullPath(file, context.WorkingDirectory) : null,
        EventWebhook = options.EventsWebhook is { } url ? new Uri(url, UriKind.RelativeOrAbsolute) : null,
        Log = context.Terminal.Note,
    };

    private void Tell(BatchServer server)
    {
        foreach (Uri url in server.Urls) context.Terminal.Output($"Listening on {url.GetLeftPart(UriPartial.Authority)}");
        context.Terminal.Note(options.AllowAnyCredentials
            ? "Any credentials are taken, from this machine."
            : $"Keys are in {Path.Combine(_state, AccessKeyFile.Name)}; point clients here with: eval \"$(refrag serve --print-env --state {_state} --urls {server.Urls[0].GetLeftPart(UriPartial.Authority)})\"");
    }

    private static async Task WaitAsync(CancellationToken cancellationToken)
    {
        var stop = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using CancellationTokenRegistration registration = cancellationToken.Register(stop.SetResult);
        await stop.Task;
    }
}
