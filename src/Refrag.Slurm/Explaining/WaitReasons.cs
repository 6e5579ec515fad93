using System.Globalization;
using Refrag.Slurm.Reading;

namespace Refrag.Slurm.Explaining;

/// <summary>Slurm's reasons as causes. They are words, and sentences with commas; one is shown at a time. Pure.</summary>
internal static class WaitReasons
{
    /// <summary>Why a job waits; null if Slurm has not evaluated it yet.</summary>
    /// <param name="row">The job in the queue.</param>
    /// <param name="nodes">The nodes of its partition.</param>
    /// <param name="restarts">How often it was started again.</param>
    public static SlurmCause? Of(QueueRow row, IReadOnlyList<Node> nodes, int restarts)
    {
        string reason = row.Reason;
        string said = $"Slurm's reason: {reason}";
        return reason switch
        {
            "None" or "" => null,
            "Resources" => Full(row, said),
            "Priority" => new("behind-others", $"Jobs with a higher priority are before it in partition {row.Partition}", true,
                [said], [("See the order", $"squeue -t PENDING -p {row.Partition} --sort=-p -o '%i %Q %r'")]),
            "PartitionDown" => Closed(row, "down: it takes jobs and starts none", said),
            "PartitionInactive" => Closed(row, "inactive", said),
            "PartitionTimeLimit" => new("time-limit-too-long", $"Its time limit is longer than partition {row.Partition} allows", true,
                [said],
                [("Cancel it and ask for less", "env.timeout=TIME")]),
            "PartitionNodeLimit" => new("too-many-nodes", $"It asks for more nodes than partition {row.Partition} gives one job", true,
                [said],
                [("Cancel it and ask for fewer", "env.nodes=NUMBER")]),
            "JobArrayTaskLimit" => new("own-throttle", "As many children of its array run as its own limit allows", true, [said], []),
            "JobHeldUser" => new("held", "It is held by its user", true, [said], [("Let it start", $"scontrol release {row.JobId}")]),
            "JobHeldAdmin" => new("held", "It is held by an administrator", true, [said], [("Ask the administrators of the cluster",
                null)]),
            "BeginTime" when restarts > 0 => new("waits-to-start-again",
                "It was started before and waits for its next attempt, which Slurm delays by two minutes", true,
                [said, Text($"started again {restarts} times")], []),
            "BeginTime" => new("not-before", "It may not start before a time that was set", true, [said], []),
            "DependencyNeverSatisfied" => new("dependency-failed", "A job that it waits for has failed, so it never starts", true, [said],
                [("Cancel it", $"scancel {row.JobId}")]),
            "Dependency" => new("dependency-open", "It waits for another job", true, [said],
                [("See which", $"squeue -j {row.JobId} -o %E")]),
            "Licenses" => new("consumable-short", "The licenses that it asks for are in use", true, [said], [("See them",
                "scontrol show license")]),
            "InvalidAccount" or "InvalidQOS" => new("account", "The cluster does not let it run under its account or QOS", true, [said],
                [("See which you may use", "sacctmgr show assoc user=$USER format=account,qos"), ("Name one", "env.sbatch.account=NAME")]),
            _ => Sentence(row, nodes, reason, said),
        };
    }

    private static SlurmCause Sentence(QueueRow row, IReadOnlyList<Node> nodes, string reason, string said)
    {
        if (reason.StartsWith("ReqNodeNotAvail", StringComparison.Ordinal) || reason.StartsWith("Nodes required", StringComparison.Ordinal))
            return reason.Contains("maintenance", StringComparison.OrdinalIgnoreCase)
                ? new("reserved", "The nodes that it needs are reserved for maintenance before it could end", true, [said],
                    [("See until when", "scontrol show reservation"), ("Ask for a time that ends before it", "env.timeout=TIME")])
                : new("nodes-down", $"Nodes that it needs in partition {row.Partition} are down, drained or reserved", true,
                    [said, .. nodes.Where(node => node.IsOut).Take(5).Select(node => $"{node.Name}: {node.State} {node.Reason}".TrimEnd())],
                    [("See why", "sinfo -R")]);
        if (reason.StartsWith("launch failed", StringComparison.Ordinal))
            return new("held", "It could not be started on its nodes, and is held", true, [said],
                [("Let it try again", $"scontrol release {row.JobId}")]);
        if (Limit(reason) is { } limit) return limit with { Evidence = [said] };
        if (reason.Contains("not available", StringComparison.Ordinal) || reason.StartsWith("BadConstraints", StringComparison.Ordinal))
            return new("no-node-has-all", "No node has what it asks for", true, [said], [("See the nodes",
                "sinfo -o '%P %n %c %m %G %f'")]);
        return new("undetermined", $"It waits: {reason}", false, [said], []);
    }

    // QOSMaxCpuPerUserLimit, AssocGrpCPUMinutesLimit and some hundred others: whose limit, and of what.
    private static SlurmCause? Limit(string reason)
    {
        string? whose = reason.StartsWith("QOS", StringComparison.Ordinal) ? "its QOS"
            : reason.StartsWith("Assoc", StringComparison.Ordinal) ? "its account" : null;
        if (whose is null) return null;
        bool isUsedUp = reason.Contains("Minutes", StringComparison.Ordinal);
        string look = whose == "its QOS" ? "sacctmgr show qos" : "sacctmgr show assoc user=$USER";
        return new("limit", isUsedUp
                ? $"The time that {whose} may use is used up ({reason}); waiting does not help before it is renewed"
                : $"A limit of {whose} is reached ({reason})",
            true, [], [("See the limits", look), ("Use another QOS", "env.sbatch.qos=NAME")]);
    }

    private static SlurmCause Full(QueueRow row, string said) => new(
        "environment-full", $"What it needs is in use in partition {row.Partition}", true,
        [said],
        [("See when it is expected to start", $"squeue --start -j {row.JobId}")]);

    private static SlurmCause Closed(QueueRow row, string how, string said) => new(
        "queue-disabled", $"Partition {row.Partition} is {how}", true, [said], [("Cancel it and name another", "env.job_queue=PARTITION")]);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
