using System.Globalization;
using Refrag.Apps;
using Refrag.Aws.Batch;
using Refrag.Cli.Context;
using Refrag.Engine;
using Refrag.Engine.Options;
using Refrag.Launching;

namespace Refrag.Cli.LocalRuns;

/// <summary>The Batch engine inside this process, set up so that plans made for AWS fit it.</summary>
internal static class LocalEngine
{
    /// <summary>As AWS gives a container between SIGTERM and SIGKILL. (UG job_timeouts)</summary>
    public static TimeSpan Grace { get; } = TimeSpan.FromSeconds(30);

    private const string Loopback = "127.0.0.1";

    /// <summary>An engine that has whatever queues and definitions the plans name.</summary>
    /// <param name="context">The process.</param>
    /// <param name="plans">The plans.</param>
    /// <param name="variables">Variables of all jobs, beneath their own.</param>
    public static LocalRunHost Start(CliContext context, IReadOnlyList<LaunchPlan> plans, params (string Name, string Value)[] variables)
    {
        LocalBatchOptions options =
            Options(context, plans.Select(plan => plan.Target.Queue), plans.Select(plan => plan.Target.Definition.Split(':')[0]));
        var all = new Dictionary<string, string>(options.Variables);
        foreach ((string name, string value) in variables) all[name] = value;
        return LocalRunHost.Start(context, options with { Variables = all });
    }

    /// <summary>An engine that has these queues and definitions beside its own.</summary>
    public static LocalRunHost Start(CliContext context, IEnumerable<string> queues, IEnumerable<string> definitions) =>
        LocalRunHost.Start(context, Options(context, queues, definitions));

    /// <summary>Ends all jobs when a signal comes, and says so.</summary>
    public static CancellationTokenRegistration StopOn(CliContext context, LocalBatch batch, CancellationToken cancellationToken) =>
        cancellationToken.Register(() =>
    {
        context.Terminal.Note("Stopping. Press Ctrl-C again to stop immediately.");
        _ = batch.StopAsync(Grace);
    });

    private static LocalBatchOptions Options(CliContext context, IEnumerable<string> namedQueues, IEnumerable<string> namedDefinitions)
    {
        LocalBatchOptions defaults = new()
        {
            WorkingDirectory = context.WorkingDirectory,
            EntryPoint = CurrentExecutable.Command,
            Log = context.Terminal.Note,
        };
        // Whatever queue and definition the environment names, this machine has them.
        string[] queues = [.. namedQueues.Distinct(StringComparer.Ordinal).Except(defaults.Queues.Select(q => q.Name))];
        string[] definitions = [.. namedDefinitions.Distinct(StringComparer.Ordinal).Except(defaults.Definitions.Select(d => d.Name))];
        return defaults with
        {
            Queues = [.. defaults.Queues, .. queues.Select(name => new LocalQueue(name, "refrag-cpu-compute-env"))],
            // A laptop is no c6i.xlarge: what the user did not ask for is not demanded.
            Definitions = [.. defaults.Definitions
                .Select(d => d.Name)
                .Concat(definitions).Select(name => new LocalDefinition(name, new VCpus(1), new MebiBytes(256), new Gpus(0)))],
        };
    }

    /// <summary>
    /// The plan with an address of its own to meet at: two runs at once on one machine must not meet at the default port.
    /// </summary>
    public static LaunchPlan WithMeetingPlace(LaunchPlan plan) => plan with { Submit = WithMeetingPlace(plan.Submit) };

    /// <summary>The same of a request. An address of this machine that an earlier run was given is replaced.</summary>
    public static SubmitJobRequest WithMeetingPlace(SubmitJobRequest submit)
    {
        if (submit.NodeOverrides?.NodePropertyOverrides is not [{ ContainerOverrides: { } container } all]) return submit;
        Aws.Batch.KeyValuePair[] meeting =
        [
            // An address of loopback, said so, keeps the main node from listening to other machines.
            new() { Name = BatchVariables.MasterAddress, Value = Loopback },
            new() { Name = BatchVariables.MasterPort, Value = LocalPort.Free().ToString(CultureInfo.InvariantCulture) },
        ];
        IReadOnlyList<Aws.Batch.KeyValuePair> given = container.Environment ?? [];
        if (given.Any(v => v.Name == BatchVariables.MasterAddress && v.Value == Loopback))
            given = [.. given.ExceptBy(meeting.Select(v => v.Name), v => v.Name)];
        NodePropertyOverride met = all with
        {
            ContainerOverrides = container with { Environment = [.. meeting.ExceptBy(given.Select(v => v.Name), v => v.Name), .. given] },
        };
        return submit with { NodeOverrides = submit.NodeOverrides with { NodePropertyOverrides = [met] } };
    }
}
