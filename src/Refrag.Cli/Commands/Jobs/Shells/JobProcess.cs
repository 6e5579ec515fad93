using System.Globalization;
using System.Runtime.InteropServices;
using Refrag.Cli.LocalRuns;

namespace Refrag.Cli.Commands.Jobs.Shells;

/// <summary>The process of a job on this machine: its own program, below what refrag starts it with.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Folder">Its working directory.</param>
/// <param name="Variables">The variables with which it was started.</param>
/// <param name="First">The job's first process, which lives as long as the job.</param>
internal sealed record JobProcess(
    int Id, string Folder, IReadOnlyList<(string Name, string Value)> Variables, (int Id, ulong Start) First)
{
    // Of the launcher of an attempt that outlives its server.
    private const string LauncherMark = "_refrag_stat";

    /// <summary>Whether the job's first process is still there.</summary>
    public bool IsAlive => StatOf(First.Id) is { } now && now.Start == First.Start;

    /// <summary>
    /// The process of a job, of those of this user that see the same files; null if there is none. A process in a container sees others.
    /// </summary>
    /// <param name="jobId">The job's id, with the number of a child or a node.</param>
    public static JobProcess? Find(string jobId)
    {
        string entry = $"AWS_BATCH_JOB_ID={jobId}";
        string? here = ProcessTable.Link(Environment.ProcessId, "ns/mnt");
        // A shell that was opened in the job has its variables too, and is younger.
        Stat[] all = [.. ProcessTable.Ids()
            .Where(process => ProcessTable.Variables(process).Contains(entry) && ProcessTable.Link(process, "ns/mnt") == here)
            .Select(StatOf).OfType<Stat>().OrderBy(stat => stat.Start).ThenBy(stat => stat.Id)];
        if (all.Length == 0) return null;
        Stat own = all[0];
        while (IsOfRefrag(own.Id) && all.FirstOrDefault(stat => stat.Parent == own.Id) is { Id: > 0 } child) own = child;
        return ProcessTable.Link(own.Id, "cwd") is { } folder
            ? new JobProcess(own.Id, folder, [.. ProcessTable.Variables(own.Id).Select(Pair)], (all[0].Id, all[0].Start))
            : null;
    }

    // The launcher, or `refrag exec`.
    private static bool IsOfRefrag(int process) =>
        ProcessTable.Link(process, "exe") == ProcessTable.Link(Environment.ProcessId, "exe")
            || ProcessTable.Text(process, "cmdline")?.Contains(LauncherMark, StringComparison.Ordinal) == true;

    private static (string Name, string Value) Pair(string variable) =>
        variable.IndexOf('=', StringComparison.Ordinal) is > 0 and var at ? (variable[..at], variable[(at + 1)..]) : (variable, "");

    // The name of the program, which may have spaces and parentheses, is the second of the fields. (proc_pid_stat(5))
    private static Stat? StatOf(int process)
    {
        const int parent = 1, start = 19;
        if (ProcessTable.Text(process, "stat") is not { } text) return null;
        string[] fields = text[(text.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields.Length > start && fields[0] is not ("Z" or "X")
            ? new Stat(process, Number<int>(fields[parent]), Number<ulong>(fields[start]))
            : null;
    }

    private static T Number<T>(string text)
        where T : System.Numerics.INumber<T> => T.Parse(text, NumberStyles.Integer, CultureInfo.InvariantCulture);

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Stat(int Id, int Parent, ulong Start);
}
