using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Refrag.Slurm.Commands;

/// <summary>Runs scripts by <c>sh</c> on this machine, or by <c>ssh</c> on a login node.</summary>
/// <param name="host">What <c>ssh</c> is given as its destination; null for this machine.</param>
internal sealed class ShellCommands(string? host) : ISlurmCommands
{
    // What a user's variables say of the tools' output and selection would change what is read.
    private const string Prelude =
        "unset $(env | sed -n 's/^\\(S\\(QUEUE\\|CANCEL\\|INFO\\|CONTROL\\)_[A-Z0-9_]*\\)=.*/\\1/p') SLURM_CLUSTERS SACCT_FORMAT "
        + "SBATCH_ARRAY_INX SBATCH_EXPORT SBATCH_WAIT SBATCH_GET_USER_ENV SBATCH_CLUSTERS SBATCH_SIGNAL\n"
        + "LC_ALL=C SLURM_TIME_FORMAT=%s\nexport LC_ALL SLURM_TIME_FORMAT\n";

    /// <inheritdoc/>
    public string? Host => host;

    /// <inheritdoc/>
    public async Task<CommandAnswer> RunAsync(string script, string input, TimeSpan limit, CancellationToken cancellationToken)
    {
        // Of this answer alone: what is read may hold the mark of another one.
        string mark = $"refrag-answer-{Guid.NewGuid():N}";
        string whole = MarkedAnswer.Script(Prelude, script, mark);
        if (host is not null) input = whole + input;
        using Process? process = Start(whole, out string fault);
        if (process is null) return new CommandAnswer(SlurmFailures.NoConnection, [], "") { BeforeScript = fault };
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        ends.CancelAfter(limit);
        using MemoryStream output = new();
        // Read to the end even if it is killed: what it has printed by then may hold the job's id.
        Task reading = process.StandardOutput.BaseStream.CopyToAsync(output, CancellationToken.None);
        Task<string> errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        bool isLate = false;
        try
        {
            await WriteAsync(process, input, ends.Token);
            await process.WaitForExitAsync(ends.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            cancellationToken.ThrowIfCancellationRequested();
            isLate = true;
        }
        // A process that outlives its shell may hold the pipes: what has come is the answer.
        await Task.WhenAny(Task.WhenAll(reading, errors), Task.Delay(TimeSpan.FromSeconds(isLate ? 1 : 5), CancellationToken.None));
        string error = errors.IsCompletedSuccessfully ? await errors : "";
        int exit = process.HasExited ? process.ExitCode : -1;
        return reading.IsCompleted
            ? MarkedAnswer.Read(mark, output.ToArray(), exit, error) with { IsLate = isLate }
            : MarkedAnswer.Read(mark, [], exit, error) with { IsLate = isLate };
    }

    private static async Task WriteAsync(Process process, string input, CancellationToken cancellationToken)
    {
        try
        {
            await process.StandardInput.BaseStream.WriteAsync(Encoding.UTF8.GetBytes(input), cancellationToken);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended without reading; its exit code says why.
        }
    }

    private static string Received(string script) => string.Create(
        CultureInfo.InvariantCulture, $"exec sh -c 'eval \"$(dd bs=1 count={Encoding.UTF8.GetByteCount(script)} 2>/dev/null)\"'");

    private Process? Start(string script, out string fault)
    {
        // Behind ssh the user's login shell reads the words first, which may be csh or fish: one line, whose special characters all stand
        // between single quotes, which every login shell leaves alone. So the script comes as the beginning of the input. `dd` takes no
        // byte of what follows, unlike `head` and `sh`.
        ProcessStartInfo start = host is null
            ? new("sh", ["-c", script])
            : new("ssh", ["-T", "-o", "BatchMode=yes", "-o", "ConnectTimeout=10", "--", host, Received(script)]);
        start.UseShellExecute = false;
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        try
        {
            fault = "";
            return Process.Start(start) ?? throw new InvalidOperationException($"{start.FileName} did not start.");
        }
        catch (Win32Exception absent)
        {
            fault = $"ssh: {start.FileName} cannot be started: {absent.Message}";
            return null;
        }
    }
}
