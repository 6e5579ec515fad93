using System.Diagnostics;

namespace Refrag.Infrastructure;

/// <summary>The Terraform found on PATH, run in the stack's directory. Needs a Unix shell, as the stack's own scripts do.</summary>
public sealed class TerraformProgram : ITerraform
{
    // Files instead of pipes: when refrag is killed, Terraform ends its work undisturbed. With pipes it would die at its next line, and
    // what it had made since it last saved its state would be in no state. A session of its own: Ctrl-C at the terminal then reaches
    // refrag alone, which passes it on once. Terraform takes two as an order to stop without saving its state.
    private const string Start = """
        if command -v setsid >/dev/null; then set -- setsid "$@"; fi
        exec "$@" >"$REFRAG_TERRAFORM_OUTPUT" 2>"$REFRAG_TERRAFORM_ERRORS" </dev/null
        """;

    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(200);

    private readonly string _program;
    private readonly string _directory;
    private readonly string? _workspace;

    private TerraformProgram(string program, string directory, string? workspace) =>
        (_program, _directory, _workspace) = (program, directory, workspace);

    /// <summary>Looks for Terraform. RF6001 if there is none, RF6002 where the directory holds no configuration.</summary>
    /// <param name="searchPath">The value of PATH; null if it is not set.</param>
    /// <param name="directory">The stack's directory, such as <c>infra/terraform</c>.</param>
    /// <param name="workspace">The workspace, and so the state; null takes the selected one. One that does not exist yet is made at the
    /// first apply.</param>
    public static Result<TerraformProgram> Find(string? searchPath, string directory, string? workspace = null)
    {
        if (!Directory.Exists(directory) || Directory.GetFiles(directory, "*.tf").Length == 0) return NoStack(directory);
        string? program = (searchPath ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.GetFullPath(Path.Combine(folder, "terraform")))
            .FirstOrDefault(File.Exists);
        return program is null ? NoTerraform(searchPath) : new TerraformProgram(program, directory, workspace);
    }

    /// <inheritdoc/>
    public ITerraform In(string workspace) => new TerraformProgram(_program, _directory, workspace);

    /// <inheritdoc/>
    public async Task<TerraformRun> RunAsync(IReadOnlyList<string> arguments, Action<string>? onLine, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        DirectoryInfo folder = Directory.CreateTempSubdirectory("refrag-terraform-");
        try
        {
            string output = Path.Combine(folder.FullName, "output");
            string errors = Path.Combine(folder.FullName, "errors");
            using Process process = Process.Start(Prepare(arguments, output, errors))
                ?? throw new InvalidOperationException("/bin/sh did not start.");
            process.StandardInput.Close();
            await FollowAsync(process, new GrowingFile(output, onLine), cancellationToken);
            var run = new TerraformRun(process.ExitCode, await TextAsync(output), await TextAsync(errors));
            cancellationToken.ThrowIfCancellationRequested();
            return run;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private ProcessStartInfo Prepare(IReadOnlyList<string> arguments, string output, string errors)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", Start, "sh", _program, .. arguments])
        {
            WorkingDirectory = _directory,
            RedirectStandardInput = true,
            UseShellExecute = false,
        };
        start.Environment["REFRAG_TERRAFORM_OUTPUT"] = output;
        start.Environment["REFRAG_TERRAFORM_ERRORS"] = errors;
        // Terraform then leaves out hints that only make sense at its own prompt, and never asks.
        start.Environment["TF_IN_AUTOMATION"] = "1";
        start.Environment["TF_INPUT"] = "0";
        start.Environment["CHECKPOINT_DISABLE"] = "1";
        if (_workspace is not null) start.Environment["TF_WORKSPACE"] = _workspace;
        return start;
    }

    // The wait for the end is not cancelled: Terraform must have the time to write its state and give back its lock.
    private static async Task FollowAsync(Process process, GrowingFile output, CancellationToken cancellationToken)
    {
        await using CancellationTokenRegistration stop = cancellationToken.Register(() => Interrupt(process));
        Task end = process.WaitForExitAsync(CancellationToken.None);
        while (!end.IsCompleted)
        {
            await Task.WhenAny(end, Task.Delay(s_look, TimeProvider.System, CancellationToken.None));
            await output.ReadOnAsync();
        }
        await end;
        await output.ReadOnAsync();
    }

    // SIGINT is what Terraform takes as "finish what you are at, save, and stop".
    private static void Interrupt(Process process)
    {
        if (process.HasExited) return;
        using Process? kill = Process.Start("/bin/sh", ["-c", $"kill -INT {process.Id}"]);
    }

    // Where the program never started, there is no file.
    private static async Task<string> TextAsync(string path) =>
        File.Exists(path) ? await File.ReadAllTextAsync(path, CancellationToken.None) : "";

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
        Cure = "Write it there first: refrag infra init DIRECTORY. Or name the directory that holds batch.tf with --directory.",
    };
}
