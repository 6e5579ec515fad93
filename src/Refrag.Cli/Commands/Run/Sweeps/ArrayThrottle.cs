using System.Globalization;
using Refrag.Jobs;
using Refrag.Slurm;
using Refrag.Sweeps;

namespace Refrag.Cli.Commands.Run.Sweeps;

/// <summary>
/// <c>--max-jobs</c> as the limit of an array, which Slurm has: it is held without refrag. It is one array's, so that several submissions
/// are counted by refrag as they are with Batch.
/// </summary>
internal static class ArrayThrottle
{
    /// <summary>Whether Slurm holds the limit of this sweep: a new one, which is one array.</summary>
    /// <param name="launches">All submissions of the sweep.</param>
    /// <param name="options">What was asked for.</param>
    public static bool Holds(IReadOnlyList<SweepLaunch> launches, RunOptions options) =>
        options is { MaxJobs: not null, Resume: null } && launches is [{ IsArray: true, Spec.Kind: EnvironmentKind.Slurm }];

    /// <summary>The submission with the limit; as it is where it is no array on a Slurm cluster.</summary>
    /// <param name="launch">The submission.</param>
    /// <param name="most">How many of its jobs may run at once, from 1.</param>
    public static SweepLaunch On(SweepLaunch launch, int most)
    {
        if (launch is not { IsArray: true, Spec.Kind: EnvironmentKind.Slurm }) return launch;
        Dictionary<string, string> parameters = new(launch.Plan.Submit.Parameters ?? new Dictionary<string, string>());
        parameters[SlurmTransport.MostAtOnce] = most.ToString(CultureInfo.InvariantCulture);
        return launch with { Plan = launch.Plan with { Submit = launch.Plan.Submit with { Parameters = parameters } } };
    }
}
