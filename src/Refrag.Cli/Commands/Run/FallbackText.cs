using Refrag.Claims;
using Refrag.Jobs;
using Refrag.Launching;

namespace Refrag.Cli.Commands.Run;

/// <summary>What a plan says of a job that may be moved, and who moves it.</summary>
internal static class FallbackText
{
    /// <summary>The sentence; null if the job is not to be moved.</summary>
    /// <param name="spec">The job.</param>
    /// <param name="plan">Its plan.</param>
    /// <param name="isWatched">Whether the command follows it to its end.</param>
    /// <param name="isSweep">Whether it is of a sweep.</param>
    public static string? Of(JobSpec spec, LaunchPlan plan, bool isWatched, bool isSweep)
    {
        if (plan.Target.Fallback is not { } fallback) return null;
        string who = (isSweep, isWatched) switch
        {
            (true, true) => "this sweep moves what has lost its hosts",
            (true, false) => "without --watch nothing is moved before refrag run --resume",
            (false, true) => "this command moves it, or refrag react",
            (false, false) => "without --watch, refrag react moves it where it runs; else the job fails with its last attempt",
        };
        return $"{fallback}; {who}{Claims(spec, isSweep)}";
    }

    private static string Claims(JobSpec spec, bool isSweep) => (isSweep, spec.Capacity.Claims) switch
    {
        (true, _) or (_, null) => "",
        (_, { } place) when ClaimStores.IsOfAMachine(place) => " (claims: on this machine alone)",
        (_, { } place) => $" (claims: {place})",
    };
}
