using System.Text;

namespace Refrag.Slurm.Commands;

/// <summary>Runs commands where Slurm's command-line tools are: on this machine, or on a login node. Safe for several threads.</summary>
internal interface ISlurmCommands
{
    /// <summary>The login node, as <c>ssh</c> is given it; null for this machine.</summary>
    string? Host { get; }

    /// <summary>Where that is, for messages: <c>this machine</c>, or the login node's name.</summary>
    string Where => Host ?? "this machine";

    /// <summary>Runs a script of POSIX shell to its end, or until the limit, when it is killed.</summary>
    /// <param name="script">The script.</param>
    /// <param name="input">Its standard input.</param>
    /// <param name="limit">The longest it may take.</param>
    /// <param name="cancellationToken">Kills it.</param>
    Task<CommandAnswer> RunAsync(string script, string input, TimeSpan limit, CancellationToken cancellationToken);
}

/// <summary>What a script came to.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Output">Standard output, as bytes: logs are cut at any place.</param>
/// <param name="Error">Standard error, from the script's beginning on.</param>
/// <param name="IsCutOff">Whether it did not come to its end: it was killed at its limit, or the connection broke.</param>
internal sealed record CommandAnswer(int ExitCode, byte[] Output, string Error, bool IsCutOff = false)
{
    /// <summary>Whether it was killed at its limit.</summary>
    public bool IsLate { get; init; }

    /// <summary>
    /// What came on standard error where the script surely or probably did not begin: a banner of the login node, and why <c>ssh</c> could
    /// not log in. Null if the script has begun.
    /// </summary>
    public string? BeforeScript { get; init; }

    /// <summary>Standard output as text.</summary>
    public string Text => Encoding.UTF8.GetString(Output);

    /// <summary>The first line of standard error that says something; empty if there is none.</summary>
    public string FirstError =>
        Error.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).FirstOrDefault("");
}
