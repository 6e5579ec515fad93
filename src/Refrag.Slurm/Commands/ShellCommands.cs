using System.Diagnostics;
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
    public string Where => host ?? "this machine";

    /// <inheritdoc/>
    public async Task<CommandAnswer> RunAsync(string script, string input, TimeSpan limit, CancellationToken cancellationToken)
    {
        using Process process = Start(Prelude + script);
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        ends.CancelAfter(limit);
        using MemoryStream output = new();
        // Read to the end even if it is killed: what it has printed by then may hold the job's id.
        Task reading = process.StandardOutput.BaseStream.CopyToAsync(output, CancellationToken.None);
        Task<string> errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        bool isCutOff = false;
        try
        {
            await WriteAsync(process, input, ends.Token);
            await process.WaitForExitAsync(ends.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            cancellationToken.ThrowIfCancellationRequested();
            isCutOff = true;
        }
        // A process that outlives its shell may hold the pipes: what has come is the answer.
        await Task.WhenAny(Task.WhenAll(reading, errors), Task.Delay(TimeSpan.FromSeconds(isCutOff ? 1 : 5), CancellationToken.None));
        // An answer that did not come to its end is none.
        isCutOff |= !reading.IsCompleted;
        return new CommandAnswer(
            process.HasExited ? process.ExitCode : -1, reading.IsCompleted ? output.ToArray() : [],
            errors.IsCompletedSuccessfully ? await errors : "", isCutOff);
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

    private Process Start(string script)
    {
        // Behind ssh the user's shell reads the words once more.
        ProcessStartInfo start = host is null
            ? new("sh", ["-c", script])
            : new("ssh", ["-o", "BatchMode=yes", "-o", "ConnectTimeout=10", "--", host, $"exec sh -c {ShellWord.Quote(script)}"]);
        start.UseShellExecute = false;
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        return Process.Start(start) ?? throw new InvalidOperationException($"{start.FileName} did not start.");
    }
}
