using Refrag.Scheduling;
using Refrag.Scheduling.Fitting;

namespace Refrag.Traces;

/// <summary>Jobs in the order of their submission, with what each asks for and how long it runs.</summary>
public sealed class Workload
{
    /// <summary>Where it comes from, for people: the file, or what generated it.</summary>
    public required string Source { get; init; }

    /// <summary>The jobs by time of submission; those of one moment in the order of the file.</summary>
    public required IReadOnlyList<TraceJob> Jobs { get; init; }

    /// <summary>The moment that a submission at 0 stands for; null if the trace has no dates.</summary>
    public DateTimeOffset? Start { get; init; }

    /// <summary>What was left out or assumed, for people; empty for nothing.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>How to name a job: its id if the trace has one, and where it stands in the file.</summary>
    public string NameOf(TraceJob job) => (job.Id, job.Line) switch
    {
        (null, var line) => $"{Source}:{line}",
        (var id, 0) => id,
        var (id, line) => $"{id} ({Source}:{line})",
    };
}

/// <summary>One job of a trace. A value, so that a million of them is one block of memory.</summary>
public readonly record struct TraceJob
{
    /// <summary>MiB for each vCPU of a job whose memory is not known: as m6i and p3 offer, about.</summary>
    internal const int MemoryOfVCpu = 4096;

    // AWS has no smaller part of a vCPU, and no job of less memory. (API ResourceRequirement)
    internal const int LeastMilliVCpus = 250;
    internal const int LeastMemoryMiB = 4;

    /// <summary>Its id in the trace; null if the trace has none.</summary>
    public string? Id { get; init; }

    /// <summary>The line of the trace, from 1; 0 if it comes from no file.</summary>
    public int Line { get; init; }

    /// <summary>When it is submitted, in milliseconds since the start of the trace; at least 0.</summary>
    public required long SubmittedAt { get; init; }

    /// <summary>How long an attempt runs if nothing happens to it, in milliseconds; at least 0.</summary>
    public required long Runs { get; init; }

    /// <summary>Thousandths of a vCPU of each node; above 0.</summary>
    public required int MilliVCpus { get; init; }

    /// <summary>Memory of each node in MiB; above 0.</summary>
    public required int MemoryMiB { get; init; }

    /// <summary>Whole GPUs of each node.</summary>
    public int Gpus { get; init; }

    /// <summary>How many nodes it runs on, each on an instance of its own; default 1.</summary>
    public int Nodes { get; init; }

    /// <summary>How many attempts it may have, 1 to 10; 0 stands for 1.</summary>
    public int Attempts { get; init; }

    /// <summary>0 to 9999, higher first within one share.</summary>
    public int Priority { get; init; }

    /// <summary>How long an attempt may run, in milliseconds; 0 for no limit.</summary>
    public long Timeout { get; init; }

    /// <summary>The queue that it names; null if it names none.</summary>
    public string? Queue { get; init; }

    /// <summary>Its share identifier; null for none.</summary>
    public string? Share { get; init; }

    /// <summary>Its name; null for none.</summary>
    public string? Name { get; init; }

    /// <summary>Whether it asks for GPUs.</summary>
    public bool IsGpu => Gpus > 0;

    /// <summary>What it asks of its hosts.</summary>
    public Requirement Requirement => new() { Amount = new Amount(MilliVCpus, MemoryMiB, Gpus), Nodes = Math.Max(1, Nodes) };
}
