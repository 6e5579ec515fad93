using Refrag.Cli.Configuration;
using Refrag.Cli.Context;
using Refrag.Cli.Following;

namespace Refrag.Cli.Commands.Run;

/// <summary>The options of <c>refrag run</c>, with what to compose.</summary>
internal sealed record RunOptions
{
    /// <summary>The overrides, and the command that runs instead of an app.</summary>
    public JobWords Words { get; init; } = new([], Command: null);

    /// <summary>Whether a command's overrides are passed on without being composed first.</summary>
    public bool Unchecked { get; init; }

    public IReadOnlyList<string> ConfigDirs { get; init; } = [];

    public string ConfigName { get; init; } = "config";

    public bool DryRun { get; init; }

    /// <summary>Whether it is sent without asking whether the queue can host it.</summary>
    public bool Force { get; init; }

    public bool Watch { get; init; }

    public bool Json { get; init; }

    public bool Multirun { get; init; }

    /// <summary>The part of the configuration to print instead of running: <c>job</c>, <c>hydra</c> or <c>all</c>; null to run.</summary>
    public string? Cfg { get; init; }

    /// <summary>The manifest of a sweep to resume; null to start anew.</summary>
    public string? Resume { get; init; }

    /// <summary>Where to write a new sweep's manifest; null for the usual place.</summary>
    public string? Manifest { get; init; }

    /// <summary>Whether nothing more starts after a job of the sweep has failed.</summary>
    public bool FailFast { get; init; }

    /// <summary>The most that the work may be estimated to cost, in USD; null for no limit.</summary>
    public decimal? MaxCost { get; init; }

    /// <summary>How long each job runs, for the estimate, in hours; null if that was not said.</summary>
    public double? Hours { get; init; }

    /// <summary>Whether it is sent although a budget has no room for it, by someone who may exceed it.</summary>
    public bool OverBudget { get; init; }

    /// <summary>Reports the end of what is followed; null if that was not asked for.</summary>
    public Notifier? Notifier { get; init; }

    /// <summary>Whether the end is to be reported, and will not be seen: on AWS Batch without <see cref="Watch"/>.</summary>
    public bool IsNotifiedInVain => Notifier is { IsWanted: true } && !Watch;

    /// <summary>The most jobs of the sweep at the same time, from 1; null for any number.</summary>
    public int? MaxJobs { get; init; }

    /// <summary>What the jobs are composed from; or what is wrong with the words and folders as such.</summary>
    public Result<JobSource> Source(CliContext context)
    {
        if (Words.Command is { Count: 0 }) return CommandProblems.Empty();
        if (!JobSource.Of(context, ConfigDirs, ConfigName, Words).TryGet(out JobSource? source, out IReadOnlyList<Problem> problems))
            return Result<JobSource>.Failure(problems);
        if (PlainWords.In(context, source, Words) is { } plain) return plain;
        return Unchecked ? source with { Program = null } : source;
    }
}
