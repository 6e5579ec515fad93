using System.Diagnostics;

namespace Refrag.Tests.CodeArchives;

/// <summary>An image, as a shell sees it: a PATH with chosen programs and nothing else, and a folder for temporary files.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
internal sealed class Toolbox : IDisposable
{
    /// <summary>What every image with a shell has.</summary>
    public static readonly string[] Basic =
        ["cat", "cut", "date", "env", "mkdir", "mktemp", "od", "rm", "sed", "sh", "sha256sum", "tail", "tr", "wc"];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("refrag-toolbox");
    private readonly Dictionary<string, string> _programs = new(StringComparer.Ordinal);

    public Toolbox(params string[] programs)
    {
        foreach (string name in (string[])["bin", "tmp", "start"]) _folder.CreateSubdirectory(name);
        foreach (string program in programs) Add(program);
        // No test waits for another try.
        Add("sleep", "exit 0");
    }

    /// <summary>Gives the image a program that is a line of shell.</summary>
    public void Add(string program, string line) => _programs[program] = line;

    /// <summary>The folder for temporary files.</summary>
    public string Temporary => Path.Combine(_folder.FullName, "tmp");

    /// <summary>Where the job starts.</summary>
    public string Start => Path.Combine(_folder.FullName, "start");

    /// <summary>Whether this machine has a program.</summary>
    public static bool Has(string program) => Find(program) is not null;

    /// <summary>Runs a command in this image.</summary>
    /// <param name="shell">The shell, by its path.</param>
    /// <param name="command">What a container would get; its first word is the shell.</param>
    /// <param name="variables">The environment, beside PATH and TMPDIR.</param>
    public async Task<ShellEnd> RunAsync(string shell, IReadOnlyList<string> command, params (string Name, string Value)[] variables)
    {
        await WriteAsync();
        var start = new ProcessStartInfo(shell, command.Skip(1))
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = Start,
        };
        start.Environment.Clear();
        (string, string)[] all = [("PATH", Path.Combine(_folder.FullName, "bin")), ("TMPDIR", Temporary), .. variables];
        foreach ((string name, string value) in all) start.Environment[name] = value;
        using Process process = Process.Start(start)!;
        int id = process.Id;
        Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        string errors = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return new ShellEnd(id, process.ExitCode, await output, errors);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    // A program of this machine, with the PATH of this machine: what it starts itself is no part of the image.
    private void Add(string program) => Add(program, $"PATH={ShellWord.Quote(Environment.GetEnvironmentVariable("PATH")!)} "
        + $"exec {ShellWord.Quote(Find(program) ?? throw new InvalidOperationException($"{program} is not on PATH."))} \"$@\"");

    // Not by this process: a program that another test starts meanwhile could have one open for writing, and then it cannot be run.
    private async Task WriteAsync()
    {
        IEnumerable<string> lines = _programs.Select(program =>
            $"printf '#!/bin/sh\\n%s\\n' {ShellWord.Quote(program.Value)} >{ShellWord.Quote(program.Key)}");
        var start = new ProcessStartInfo("sh", ["-ec", $"{string.Join('\n', lines)}\nchmod 700 *"])
        {
            WorkingDirectory = Path.Combine(_folder.FullName, "bin"),
        };
        using Process made = Process.Start(start)!;
        await made.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, made.ExitCode);
    }

    private static string? Find(string program) => Environment.GetEnvironmentVariable("PATH")!.Split(':')
        .Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
}

/// <summary>How a shell ended.</summary>
/// <param name="Process">The number of its process.</param>
/// <param name="ExitCode">The exit code.</param>
/// <param name="Output">Its standard output.</param>
/// <param name="Errors">Its standard error.</param>
internal sealed record ShellEnd(int Process, int ExitCode, string Output, string Errors);
