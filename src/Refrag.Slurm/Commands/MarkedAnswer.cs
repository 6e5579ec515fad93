using System.Globalization;
using System.Text;

namespace Refrag.Slurm.Commands;

/// <summary>
/// The output of a script between two lines that only it prints. Login files may print something before, and a connection may end in
/// between: without the last line it is not known how much is missing. On standard error the first line stands too: a banner of the login
/// node is before it, and what Slurm's commands say behind. Pure.
/// </summary>
internal static class MarkedAnswer
{
    /// <summary>A script whose output can be recognized, and which ends with the code of the one inside.</summary>
    /// <param name="before">What is run first, in the same shell.</param>
    /// <param name="script">The script. It may call <c>exit</c>.</param>
    /// <param name="mark">A word of letters, digits and hyphens that is in no other output.</param>
    public static string Script(string before, string script, string mark) =>
        $"{before}printf '%s\\n' {mark}\nprintf '%s\\n' {mark} >&2\n(\n{script}\n)\nrefrag_code=$?\n"
        + $"printf '\\n%s %s\\n' {mark} \"$refrag_code\"\nexit \"$refrag_code\"\n";

    /// <summary>What the script inside printed, and its exit code; cut off if the last line is missing.</summary>
    /// <param name="mark">The word.</param>
    /// <param name="output">What came.</param>
    /// <param name="exit">The exit code of what brought it, which counts where the script's own did not arrive.</param>
    /// <param name="error">Standard error.</param>
    public static CommandAnswer Read(string mark, byte[] output, int exit, string error)
    {
        string line = $"{mark}\n";
        int said = error.IndexOf(line, StringComparison.Ordinal);
        ReadOnlySpan<byte> all = output, first = Encoding.UTF8.GetBytes(line), last = Encoding.UTF8.GetBytes($"\n{mark} ");
        int begin = all.IndexOf(first);
        if (begin < 0 && said < 0) return new CommandAnswer(exit, [], "", IsCutOff: true) { BeforeScript = error };
        // Where standard error has lost its line, all of it may be Slurm's.
        if (said >= 0) error = error[(said + line.Length)..];
        if (begin < 0) return new CommandAnswer(exit, [], error, IsCutOff: true);
        ReadOnlySpan<byte> body = all[(begin + first.Length)..];
        int end = body.LastIndexOf(last);
        string code = end < 0 ? "" : Encoding.UTF8.GetString(body[(end + last.Length)..]);
        bool isWhole = code.EndsWith('\n')
            & int.TryParse(code.TrimEnd('\n'), NumberStyles.None, CultureInfo.InvariantCulture, out int own);
        return isWhole
            ? new CommandAnswer(own, body[..end].ToArray(), error)
            : new CommandAnswer(exit, body.ToArray(), error, IsCutOff: true);
    }
}
