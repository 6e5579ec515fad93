using Refrag.Jobs;

namespace Refrag.Cli.Commands.Run.Sweeps;

/// <summary>What cannot be asked of a sweep. RF501x.</summary>
internal static class SweepRefusals
{
    public static Problem SeveralEnvironments(JobSpec spec) => new()
    {
        Code = "RF5010",
        What = "A sweep goes to one place, and this one names several kinds of environment, regions, profiles or endpoints",
        Cure = "Run the command once for each of them.",
        Place = spec.Places.Of("env.kind"),
    };

    public static Problem NoJobs() => new()
    {
        Code = "RF5011",
        What = "The sweep has no jobs",
        Cause = "One of its overrides stands for no value at all, such as range(0,0)",
        Cure = "Give every override at least one value.",
    };

    public static Problem NeedsSweep(string option) => new()
    {
        Code = "RF5012",
        What = $"{option} is for sweeps",
        Cure = $"Add -m, and several values: refrag run -m {option} seed=1,2,3.",
        Place = new ArgumentPlace(option, 1, option.Length),
    };

    public static Problem NeedsWatch(string option, EnvironmentKind kind)
    {
        (string environment, string engine) = kind == EnvironmentKind.Slurm ? ("slurm", "Slurm") : ("awsbatch", "Batch");
        return new Problem
        {
            Code = "RF5013",
            What = $"{option} with env={environment} needs --watch",
            Cause = kind == EnvironmentKind.Slurm && option == "--max-jobs"
                ? "Slurm limits the children of one array, and this sweep is resumed or is not one array, so refrag must count"
                : $"{engine} starts the children of an array as the queue has room, whatever became of the others, so refrag must watch "
                    + "them",
            Cure = $"Add --watch, or leave {option} out.",
            Place = new ArgumentPlace(option, 1, option.Length),
        };
    }

    public static Problem ResumeTakesNo(string argument) => new()
    {
        Code = "RF5014",
        What = "--resume continues with a sweep as it was started",
        Cause = "Its overrides and folders stand in the manifest",
        Cure = "Leave this out; for other values start another sweep.",
        Place = new ArgumentPlace(argument, 1, Math.Max(1, argument.Length)),
    };

    public static Problem Changed(string jobs, string submission) => new()
    {
        Code = "RF5015",
        What = $"It is not known whether jobs {jobs} were submitted, and the configuration has changed since, so that they cannot be "
            + "looked for by the same request",
        Cause = $"Submission {submission} was under way when refrag ended",
        Cure = $"Undo the change and resume again; or look for jobs with the tag refrag:submission-id={submission}, and start the sweep "
            + "anew.",
    };
}
