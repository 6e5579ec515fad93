using System.CommandLine;
using Refrag.Aws.Batch;
using Refrag.Aws.Logs;
using Refrag.Cli.Configuration;
using Refrag.Cli.Running;
using Refrag.Jobs;

namespace Refrag.Cli.Seeing;

/// <summary>A verb's way to Batch and to the logs.</summary>
internal sealed class SeeSession : IDisposable
{
    private readonly AwsConnection _connection;

    private SeeSession(CliContext context, JobSpec spec, bool json)
    {
        (Context, Spec, Json) = (context, spec, json);
        _connection = AwsConnection.Open(context, spec.Connection);
    }

    public CliContext Context { get; }

    /// <summary>What the overrides describe.</summary>
    public JobSpec Spec { get; }

    public bool Json { get; }

    public IBatchTransport Batch => _connection.Batch;

    public ILogsTransport Logs => _connection.Logs;

    public Terminal.Terminal Terminal => Context.Terminal;

    public DateTimeOffset Now => Context.Time.GetUtcNow();

    /// <summary>The region, as far as it is known without asking AWS.</summary>
    public string Region => Spec.Connection.Region ?? Context.Variable("AWS_REGION") ?? Context.Variable("AWS_DEFAULT_REGION") ?? Scheduling.Catalogue.PriceTable.DefaultRegion;

    /// <summary>Opens the session and runs the verb in it; tells what is wrong with the words instead, where something is.</summary>
    public static async Task<int> RunAsync(CliContext context, SeeOptions options, ParseResult parsed, Func<SeeSession, Task<int>> verb)
    {
        if (!options.Spec(context, parsed).TryGet(out JobSpec? spec, out IReadOnlyList<Problem> problems)) return context.Refuse(problems);
        if (spec.Kind == EnvironmentKind.Local) return context.Refuse([NoLocalState()]);
        context.Signals.Listen();
        using var session = new SeeSession(context, spec, parsed.GetValue(options.Json));
        return await verb(session);
    }

    public void Dispose() => _connection.Dispose();

    // The engine keeps its jobs in the process that runs them.
    private static Problem NoLocalState() => new()
    {
        Code = "RF5020",
        What = "env=local has nothing to look at: a local run keeps its jobs in its own process, and forgets them when it ends",
        Cure = $"Add env=awsbatch, or set {SeeOptions.EnvironmentVariable}=awsbatch. A local run shows its states and its log itself; jobs of `refrag serve` are seen with env=awsbatch env.endpoint_url=…",
    };
}
