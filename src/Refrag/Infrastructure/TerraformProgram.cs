using System.Diagnostics;
using System.Text;

namespace Refrag.Infrastructure;

/// <summary>The Terraform found on PATH, run in the stack's directory.</summary>
public sealed class TerraformProgram : ITerraform
{
    private readonly string _program;
    private readonly string _directory;

    private TerraformProgram(string program, string directory) => (_program, _directory) = (program, directory);

    /// <summary>Looks for Terraform. RF6001 where there is none, RF6002 where the directory holds no configuration.</summary>
    /// <param name="searchPath">The value of PATH; null where it is not set.</param>
    /// <param name="directory">The stack's directory, such as <c>infra/terraform</c>.</param>
    public static Result<TerraformProgram> Find(string? searchPath, string directory)
    {
        if (!Directory.Exists(directory) || Directory.GetFiles(directory, "*.tf").Length == 0) return NoStack(directory);
        string name = OperatingSystem.IsWindows() ? "terraform.exe" : "terraform";
        string? program = (searchPath ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, name))
            .FirstOrDefault(File.Exists);
        return program is null ? NoTerraform(searchPath) : new TerraformProgram(program, directory);
    }

    /// <inheritdoc/>
    public async Task<TerraformRun> RunAsync(IReadOnlyList<string> arguments, Action<string>? onLine, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(_program, arguments)
        {
            WorkingDirectory = _directory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            UseShellExecute = false,
        };
        // Terraform then leaves out hints that only make sense at its own prompt, and never asks.
        start.Environment["TF_IN_AUTOMATION"] = "1";
        start.Environment["TF_INPUT"] = "0";
        start.Environment["CHECKPOINT_DISABLE"] = "1";
        using Process process = Process.Start(start) ?? throw new InvalidOperationException($"{_program} did not start.");
        process.StandardInput.Close();
        Task<string> output = ReadAsync(process.StandardOutput, onLine);
        Task<string> errors = ReadAsync(process.StandardError, onLine: null);
        await using CancellationTokenRegistration stop = cancellationToken.Register(() => Interrupt(process));
        // Not cancelled itself: Terraform must have the time to write its state and give back its lock.
        await process.WaitForExitAsync(CancellationToken.None);
        var run = new TerraformRun(process.ExitCode, await output, await errors);
        cancellationToken.ThrowIfCancellationRequested();
        return run;
    }

    private static async Task<string> ReadAsync(StreamReader reader, Action<string>? onLine)
    {
        var text = new StringBuilder();
        while (await reader.ReadLineAsync(CancellationToken.None) is { } line)
        {
            text.Append(line).Append('\n');
            onLine?.Invoke(line);
        }
        return text.ToString();
    }

    // SIGINT is what Terraform takes as "finish what you are at, save, and stop".
    private static void Interrupt(Process process)
    {
        if (process.HasExited) return;
        using Process? kill = OperatingSystem.IsWindows() ? null : Process.Start("kill", ["-INT", $"{process.Id}"]);
        if (kill is null) process.Kill();
    }

    private static Problem NoTerraform(string? searchPath) => new()
    {
        Code = "RF6001",
        What = "Terraform is not on PATH",
        Cure = "Install Terraform 1.9 or later (https://developer.hashicorp.com/terraform/install), or add its folder to PATH.",
        Place = new VariablePlace("PATH", searchPath),
    };

    private static Problem NoStack(string directory) => new()
    {
        Code = "RF6002",
        What = $"{directory} holds no Terraform configuration",
        Cure = "Run from the root of the repository, or name the directory that holds batch.tf.",
    };
}
