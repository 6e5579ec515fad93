using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace Refrag.CodeArchives;

/// <summary>A folder in a Git repository, read by git itself: no reader of our own would know all that its settings say.</summary>
/// <param name="folder">The folder, absolute.</param>
/// <param name="place">Where the user named it.</param>
internal sealed class GitFolder(string folder, Place? place)
{
    /// <summary>What makes a folder a repository: a folder, or a file of a worktree or a submodule.</summary>
    public const string Name = ".git";

    private const char Lost = '\uFFFD';

    // Variables that a hook of Git sets; they would name its repository instead of the folder's.
    private static readonly string[] s_ofHooks = ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_OBJECT_DIRECTORY"];
    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Whether a folder is in a repository.</summary>
    public static bool IsIn(string folder)
    {
        for (string? at = folder; at is not null; at = Path.GetDirectoryName(at))
        {
            if (Path.Exists(Path.Combine(at, Name))) return true;
        }
        return false;
    }

    /// <summary>What Git tracks, relative to the folder; a submodule is listed as its folder.</summary>
    public Task<Result<IReadOnlyList<string>>> TrackedAsync(CancellationToken cancellationToken) =>
        ListAsync(["ls-files", "-z", "--cached"], cancellationToken);

    /// <summary>What Git does not track and does not ignore; a repository within is listed as its folder, with a slash.</summary>
    public Task<Result<IReadOnlyList<string>>> OthersAsync(CancellationToken cancellationToken) =>
        ListAsync(["ls-files", "-z", "--others", "--exclude-standard"], cancellationToken);

    /// <summary>What Git ignores.</summary>
    public Task<Result<IReadOnlyList<string>>> IgnoredAsync(CancellationToken cancellationToken) =>
        ListAsync(["ls-files", "-z", "--others", "--ignored", "--exclude-standard"], cancellationToken);

    /// <summary>Commit, branch, and whether the folder differs from it.</summary>
    public async Task<Result<GitState>> StateAsync(CancellationToken cancellationToken)
    {
        Result<byte[]> run =
            await RunAsync(["status", "--porcelain=v2", "--branch", "-z", "--untracked-files=normal", "--", "."], cancellationToken);
        if (!run.TryGet(out byte[]? output, out IReadOnlyList<Problem> problems)) return Result<GitState>.Failure(problems);
        string[] lines = Encoding.UTF8.GetString(output).Split('\0', StringSplitOptions.RemoveEmptyEntries);
        // "# branch.oid (initial)" before the first commit, "# branch.head (detached)" without a branch. (git-status(1))
        string? Header(string name) => lines.FirstOrDefault(line => line.StartsWith($"# {name} ", StringComparison.Ordinal)) is { } line
            && line[(name.Length + 3)..] is var value && value[0] != '('
                ? value
                : null;
        bool isDirty = lines.Any(line => !line.StartsWith("# ", StringComparison.Ordinal));
        return new GitState(Header("branch.oid"), Header("branch.head"), isDirty);
    }

    private async Task<Result<IReadOnlyList<string>>> ListAsync(string[] arguments, CancellationToken cancellationToken)
    {
        Result<byte[]> run = await RunAsync(arguments, cancellationToken);
        if (!run.TryGet(out byte[]? output, out IReadOnlyList<Problem> problems)) return Result<IReadOnlyList<string>>.Failure(problems);
        List<string> names = [];
        List<string> lost = [];
        foreach (Range range in Split(output))
        {
            byte[] name = output[range];
            try
            {
                names.Add(s_strict.GetString(name));
            }
            catch (DecoderFallbackException)
            {
                lost.Add(Encoding.UTF8.GetString(name));
            }
        }
        return lost.Count > 0 ? CodeProblems.Names(lost, place) : Result<IReadOnlyList<string>>.Success(names);
    }

    /// <summary>Whether a name that was read from the file system had bytes that are not UTF-8.</summary>
    public static bool IsLost(string root, string path) =>
        Path.GetFileName(path.AsSpan()).Contains(Lost) && !Path.Exists(Path.Combine(root, path));

    private static IEnumerable<Range> Split(byte[] output)
    {
        for (int from = 0; from < output.Length;)
        {
            int to = Array.IndexOf(output, (byte)0, from);
            if (to < 0) to = output.Length;
            if (to > from) yield return from..to;
            from = to + 1;
        }
    }

    private async Task<Result<byte[]>> RunAsync(string[] arguments, CancellationToken cancellationToken)
    {
        // A monitor that the repository's settings name would be a program that runs.
        var start = new ProcessStartInfo("git", ["-C", folder, "-c", "core.fsmonitor=false", .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (string name in s_ofHooks) start.Environment.Remove(name);
        start.Environment["GIT_OPTIONAL_LOCKS"] = "0";
        start.Environment["LC_ALL"] = "C";
        Process? process;
        try
        {
            process = Process.Start(start);
        }
        catch (Win32Exception)
        {
            return CodeProblems.NoGit(folder, place);
        }
        using (process)
        {
            try
            {
                using var output = new MemoryStream();
                Task<string> errors = process!.StandardError.ReadToEndAsync(cancellationToken);
                await process.StandardOutput.BaseStream.CopyToAsync(output, cancellationToken);
                string said = await errors;
                await process.WaitForExitAsync(cancellationToken);
                return process.ExitCode == 0
                    ? output.ToArray()
                    : CodeProblems.GitFailed(folder, said.Trim().Split('\n')[0] is { Length: > 0 } line ? line : "it failed", place);
            }
            catch (OperationCanceledException)
            {
                process!.Kill();
                throw;
            }
        }
    }
}
