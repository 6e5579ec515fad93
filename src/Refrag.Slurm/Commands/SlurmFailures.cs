using Refrag.Aws;

namespace Refrag.Slurm.Commands;

/// <summary>What Slurm's commands fail with, in words for a user.</summary>
internal static class SlurmFailures
{
    /// <summary>The exit code of <c>ssh</c> where it is at fault and not the command. (ssh(1))</summary>
    public const int NoConnection = 255;

    // ssh has not come so far as to run anything. (OpenSSH 9.2)
    private static readonly string[] s_noLogin =
    [
        "ssh: connect to host", "ssh: Could not resolve hostname", "Host key verification failed", "Permission denied (",
        "Too many authentication failures", "kex_exchange_identification", "Bad configuration option", "cannot be started:",
    ];

    // The request surely did not reach the controller: no connection was made. (slurm_strerror; squeue and sbatch 22.05)
    private static readonly string[] s_unreached =
        ["(connect failure)", "Connection refused", "Unable to establish configuration source"];

    // It may have reached it.
    private static readonly string[] s_lost =
    [
        "timed out", "Zero Bytes", "receive failure", "send failure", "shutdown failure", "Communication", "Transport endpoint",
        "Connection reset", "Unexpected message", "Insane message", "Protocol authentication", "Broken pipe", "Interrupted system call",
        "Unspecified error", "temporarily unable",
    ];

    /// <summary>Whether the controller surely did not get the request.</summary>
    public static bool IsUnreached(CommandAnswer answer) =>
        IsWithoutLogin(answer) || (!answer.IsCutOff && Has(answer, s_unreached) && !Has(answer, s_lost));

    /// <summary>Whether scancel was answered, and the answer is no.</summary>
    public static bool IsDenied(CommandAnswer answer) =>
        !answer.IsCutOff && answer.ExitCode is not (0 or 127) && !Has(answer, s_unreached) && !Has(answer, s_lost)
        && answer.Error.Contains("Kill job error", StringComparison.Ordinal);

    /// <summary>Whether Slurm has read the request and refused it.</summary>
    public static bool IsRefused(CommandAnswer answer) =>
        !answer.IsCutOff && answer.ExitCode != 0 && !Has(answer, s_unreached) && !Has(answer, s_lost)
        && (answer.Error.Contains("Batch job submission failed:", StringComparison.Ordinal)
            || answer.Error.Contains("sbatch: unrecognized option", StringComparison.Ordinal)
            || answer.Error.Contains("sbatch: error: Invalid", StringComparison.OrdinalIgnoreCase));

    /// <summary>A command that reads failed.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="commands">Where it ran.</param>
    /// <param name="answer">What it came to.</param>
    public static BackendException Unread(string operation, ISlurmCommands commands, CommandAnswer answer) =>
        new(operation, Problem(commands, answer, "nothing is known of its jobs now"), mayPass: !IsMissing(answer));

    /// <summary>A submission that surely did not arrive.</summary>
    public static BackendException NotSent(string operation, ISlurmCommands commands, CommandAnswer answer) =>
        new(operation, Problem(commands, answer, "nothing was submitted"), mayPass: !IsMissing(answer));

    /// <summary>A submission whose answer is not known.</summary>
    public static BackendException Lost(string operation, ISlurmCommands commands, CommandAnswer answer) => new(operation, new Problem
    {
        Code = "RF8203",
        What = $"The answer of sbatch on {commands.Where} was lost; the job may have been submitted",
        Cause = Cause(answer),
        Cure = "Look whether it is there before you submit it again: `squeue -t all --me -o '%i %T %j'`.",
    }, mayPass: true, mayHaveTakenEffect: true);

    /// <summary>A request that Slurm refused.</summary>
    public static BackendException Refused(string operation, CommandAnswer answer) => new(operation, new Problem
    {
        Code = "RF8204",
        What = $"Slurm refused the job: {Reason(answer)}",
        Cure = "Correct what it names: env.job_queue is the partition, env.gpus, env.vcpus, env.memory, env.nodes and env.timeout the "
            + "size, and env.sbatch what else is given to sbatch.",
    });

    /// <summary>An operation that has no counterpart.</summary>
    public static BackendException NoCounterpart(string operation) => new(operation, new Problem
    {
        Code = "RF8205",
        What = $"env=slurm cannot answer {operation}",
        Cause = "Slurm has no counterpart to it, or refrag does not use it yet",
        Cure = "docs/guides/slurm.md lists what works on a Slurm cluster.",
    });

    /// <summary>A job that Slurm does not let this user end.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="id">The job's id.</param>
    /// <param name="answer">What scancel came to.</param>
    public static BackendException Denied(string operation, string id, CommandAnswer answer)
    {
        string line = Line(answer, "Kill job error");
        int colon = line.LastIndexOf(": ", StringComparison.Ordinal);
        return new BackendException(operation, new Problem
        {
            Code = "RF8220",
            What = $"Slurm refused to end job {id}: {line[(colon + 1)..].Trim()}",
            Cure = "Only its owner and the cluster's administrators can end it: `squeue -t all -o '%i %u %T %j'` shows whose it is.",
        });
    }

    private static Problem Problem(ISlurmCommands commands, CommandAnswer answer, string effect) => IsWithoutLogin(answer)
        ? new()
        {
            Code = "RF8221",
            What = $"The login node {commands.Where} is not reached by ssh; {effect}",
            Cause = NoLogin(answer),
            Cure = $"`ssh -o BatchMode=yes {commands.Where} true` must succeed. Name, key and known hosts are what ssh itself has.",
        }
        : IsMissing(answer) ? new()
        {
            Code = "RF8202",
            What = $"Slurm's commands are not on {commands.Where}; {effect}",
            Cause = Said(answer),
            Cure = commands.Host is { } host
                ? $"`ssh {host} \"sh -c 'command -v sbatch'\"` must print a path: set PATH in a file that is read for such commands too."
                : "Run refrag on a login node, or name one for ssh: env.host=LOGIN-NODE.",
        }
        : new()
        {
            Code = "RF8201",
            What = $"Slurm does not answer on {commands.Where}; {effect}",
            Cause = Cause(answer),
            Cure = "Try again in a while; `scontrol ping` shows whether the controller is up. Jobs that run are not affected.",
        };

    private static bool IsMissing(CommandAnswer answer) => answer is { ExitCode: 127, IsCutOff: false };

    private static bool IsWithoutLogin(CommandAnswer answer) =>
        answer is { ExitCode: NoConnection, Output.Length: 0, IsLate: false } && NoLogin(answer) is not null;

    // The line that says why ssh did not log in. A banner and warnings, with whatever words, may stand before it, and that the connection
    // is closed behind it.
    private static string? NoLogin(CommandAnswer answer) => answer.BeforeScript?
        .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).TakeLast(2)
        .LastOrDefault(line => s_noLogin.Any(word => line.Contains(word, StringComparison.Ordinal)));

    private static string Cause(CommandAnswer answer) =>
        answer.IsLate ? "the command did not end in time"
        : answer.IsCutOff && SaidLine(answer).Length == 0 ? "the answer was cut off"
        : answer.IsCutOff ? $"the answer was cut off: {Said(answer)}" : Said(answer);

    private static string Said(CommandAnswer answer) =>
        SaidLine(answer) is { Length: > 0 } line ? line : $"exit code {answer.ExitCode} and no word";

    // Of what came before the script the last line says most: a banner stands first.
    private static string SaidLine(CommandAnswer answer) => answer.BeforeScript is { } before
        ? before.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault("")
        : answer.FirstError;

    private static string Reason(CommandAnswer answer)
    {
        const string Mark = "Batch job submission failed:";
        string line = Line(answer, Mark);
        int at = line.IndexOf(Mark, StringComparison.Ordinal);
        return (at < 0 ? line : line[(at + Mark.Length)..]).Trim().TrimEnd('.');
    }

    private static string Line(CommandAnswer answer, string mark) =>
        answer.Error.Split('\n').FirstOrDefault(one => one.Contains(mark, StringComparison.Ordinal)) ?? answer.FirstError;

    private static bool Has(CommandAnswer answer, string[] words) =>
        words.Any(word => answer.Error.Contains(word, StringComparison.OrdinalIgnoreCase));
}
