using System.Globalization;

namespace Refrag.Slurm.Reading;

/// <summary>A job, or one task of an array, as <c>squeue -r</c> shows it.</summary>
/// <param name="JobId">Slurm's id; of a task, the array's.</param>
/// <param name="Task">The task's index; null for a job that is no array.</param>
/// <param name="State">The state's long name, such as <c>PENDING</c>.</param>
/// <param name="Partition">The partition.</param>
/// <param name="Submitted">Seconds since 1970; null if it is not known. So the other times.</param>
/// <param name="Started">When it started, or is expected to.</param>
/// <param name="Ended">When it ended, or will at its limit.</param>
/// <param name="Nodes">The nodes that it has.</param>
/// <param name="Reason">Why it waits, or how it ended.</param>
/// <param name="Name">Its name.</param>
internal sealed record QueueRow(
    string JobId, int? Task, string State, string Partition, long? Submitted, long? Started, long? Ended, string Nodes, string Reason,
    string Name)
{
    /// <summary>The format that is read here. The name is last: it may hold anything.</summary>
    public const string Format = "%F|%K|%T|%P|%V|%S|%e|%N|%r|%j";

    private const int Fields = 10;

    /// <summary>The row of a line; null if it is none, as a line that was cut off.</summary>
    public static QueueRow? Parse(string line)
    {
        string[] parts = line.Split('|', Fields);
        if (parts.Length < Fields || parts[0].Length == 0) return null;
        return new QueueRow(
            parts[0], int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int task) ? task : null, parts[2],
            parts[3], Seconds(parts[4]), Seconds(parts[5]), Seconds(parts[6]), parts[7], parts[8], parts[9]);
    }

    private static long? Seconds(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long seconds) ? seconds : null;
}

/// <summary>Lines of <c>KEY=VALUE</c>, as <c>scontrol show -o</c> writes them.</summary>
internal static class ScontrolLine
{
    /// <summary>The values by key. A value ends where the next key begins: it may hold blanks.</summary>
    public static IReadOnlyDictionary<string, string> Parse(string line)
    {
        Dictionary<string, string> values = new(StringComparer.Ordinal);
        string? key = null;
        foreach (string word in line.Split(' '))
        {
            int equals = word.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0 && word.AsSpan(0, equals).IndexOfAnyExcept(s_keyLetters) < 0)
            {
                key = word[..equals];
                values.TryAdd(key, word[(equals + 1)..]);
            }
            else if (key is not null && word.Length > 0)
            {
                values[key] += $" {word}";
            }
        }
        return values;
    }

    private static readonly System.Buffers.SearchValues<char> s_keyLetters =
        System.Buffers.SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/:_");
}

/// <summary>A partition.</summary>
/// <param name="Name">Its name.</param>
/// <param name="State"><c>UP</c>, <c>DOWN</c>, <c>DRAIN</c> or <c>INACTIVE</c>.</param>
/// <param name="Cpus">The processors of its nodes.</param>
/// <param name="Nodes">How many nodes it has.</param>
/// <param name="MostNodes">How many one job may have; null for no limit.</param>
/// <param name="MostTime">The longest time limit; null for none.</param>
/// <param name="DefaultTime">The time limit of a job that names none; null for none.</param>
internal sealed record Partition(
    string Name, string State, int Cpus, int Nodes, int? MostNodes, TimeSpan? MostTime, TimeSpan? DefaultTime)
{
    public static Partition? Parse(string line)
    {
        IReadOnlyDictionary<string, string> values = ScontrolLine.Parse(line);
        return values.TryGetValue("PartitionName", out string? name)
            ? new Partition(
                name, values.GetValueOrDefault("State", "UP"), Whole("TotalCPUs") ?? 0, Whole("TotalNodes") ?? 0, Whole("MaxNodes"),
                SlurmTime.Parse(values.GetValueOrDefault("MaxTime")), SlurmTime.Parse(values.GetValueOrDefault("DefaultTime")))
            : null;

        int? Whole(string key) =>
            int.TryParse(values.GetValueOrDefault(key), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;
    }
}

/// <summary>A node.</summary>
/// <param name="Name">Its name.</param>
/// <param name="State">Its state, such as <c>IDLE</c> or <c>DOWN+DRAIN</c>.</param>
/// <param name="Cpus">Its processors.</param>
/// <param name="MemoryMiB">Its memory.</param>
/// <param name="Gpus">Its GPUs.</param>
/// <param name="Partitions">The partitions that it belongs to.</param>
/// <param name="Reason">Why it is out of use; empty if it is not.</param>
internal sealed record Node(
    string Name, string State, int Cpus, long MemoryMiB, int Gpus, IReadOnlyList<string> Partitions, string Reason)
{
    public static Node? Parse(string line)
    {
        IReadOnlyDictionary<string, string> values = ScontrolLine.Parse(line);
        return values.TryGetValue("NodeName", out string? name)
            ? new Node(
                name, values.GetValueOrDefault("State", ""), (int)Whole("CPUTot"), Whole("RealMemory"),
                Gres.Gpus(values.GetValueOrDefault("Gres", "")), values.GetValueOrDefault("Partitions", "").Split(','),
                values.GetValueOrDefault("Reason", ""))
            : null;

        long Whole(string key) =>
            long.TryParse(values.GetValueOrDefault(key), NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : 0;
    }

    /// <summary>Whether it takes no jobs now.</summary>
    public bool IsOut => State.Contains("DOWN", StringComparison.Ordinal) || State.Contains("DRAIN", StringComparison.Ordinal)
        || State.Contains("FAIL", StringComparison.Ordinal) || State.Contains("MAINT", StringComparison.Ordinal);
}

/// <summary>Lists of generic resources, such as <c>gpu:a10g:4(S:0-1),shard:8</c>.</summary>
internal static class Gres
{
    public static int Gpus(string text)
    {
        int all = 0;
        foreach (string one in text.Split(','))
        {
            string[] parts = one.Split('(')[0].Split(':');
            if (parts[0] == "gpu" && int.TryParse(parts[^1], NumberStyles.None, CultureInfo.InvariantCulture, out int count)) all += count;
        }
        return all;
    }
}

/// <summary>Times as Slurm writes them: <c>days-hours:minutes:seconds</c>.</summary>
internal static class SlurmTime
{
    /// <summary>The time; null for <c>UNLIMITED</c>, <c>NONE</c> and what is no time.</summary>
    public static TimeSpan? Parse(string? text)
    {
        if (text is null) return null;
        string[] halves = text.Split('-');
        string[] parts = halves[^1].Split(':');
        if (!int.TryParse(halves.Length == 2 ? halves[0] : "0", NumberStyles.None, CultureInfo.InvariantCulture, out int days)) return null;
        int[] numbers = [.. parts.Select(part => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int n) ? n : -1)];
        return numbers is [>= 0 and var hours, >= 0 and var minutes, >= 0 and var seconds]
            ? new TimeSpan(days, hours, minutes, seconds)
            : numbers is [>= 0 and var alone, >= 0 and var rest] ? new TimeSpan(days, 0, alone, rest) : null;
    }
}
