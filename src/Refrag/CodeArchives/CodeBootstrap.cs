using Refrag.Stores;

namespace Refrag.CodeArchives;

/// <summary>
/// The lines of POSIX shell that bring the code into a job whose image does not have refrag. They fetch the archive with the AWS CLI, curl,
/// wget or Python, whichever the image has, compare its hash before anything of it is unpacked, and change into the folder of the code. The
/// shell's parameters stay as they are.
/// </summary>
public static class CodeBootstrap
{
    // A bucket is found from any region: the answer names its own.
    private const string FirstRegion = "us-east-1";

    private const string Behind = """
        case ${REFRAG_OUTPUT_DIR:=$PWD} in (/*) ;; (*) REFRAG_OUTPUT_DIR=$PWD/$REFRAG_OUTPUT_DIR ;; esac
        export REFRAG_CODE_DIR REFRAG_OUTPUT_DIR
        unset REFRAG_CODE
        cd "$REFRAG_CODE_DIR" || exit 2

        """;

    /// <summary>The lines; none without code.</summary>
    /// <param name="code">The code that the job brings; null if it brings none.</param>
    /// <param name="region">The region of the job, where the job itself does not say one; null if none is known.</param>
    /// <exception cref="ArgumentException">The code is in no store that a job could read.</exception>
    public static string Lines(CodeReference? code, string? region)
    {
        if (code is null) return "";
        string source = StoreUrl.Parse(code.Url) switch
        {
            BucketUrl at => $"bucket={at.Bucket} key={Key(at)} region={ShellWord.Quote(region ?? FirstRegion)}\n{Part("fetch-s3")}",
            FolderUrl { Folder: var file } => $"file={ShellWord.Quote(file)}\n{Part("fetch-file")}",
            _ => throw new ArgumentException($"{code.Url} is not an archive in a store.", nameof(code)),
        };
        // In a shell of its own, so that the command gets none of its variables. The shell around it waits for that one to tidy up when
        // both get SIGTERM; `exec` gives the command the signal as it was.
        return $"trap 'exit 143' TERM\nREFRAG_CODE_DIR=$(\n{Part("begin")}{source}{Part("unpack")}) || exit\n{Behind}";
    }

    private static string Key(BucketUrl archive) =>
        string.Join('/', archive.Prefix.TrimEnd('/').Split('/').Select(Uri.EscapeDataString));

    // Every byte counts towards the 8,192 of a submission's overrides: comments and indentation stay here.
    private static string Part(string name)
    {
        using Stream stream = typeof(CodeBootstrap).Assembly.GetManifestResourceStream($"bootstrap/{name}.sh")!;
        using var reader = new StreamReader(stream);
        IEnumerable<string> lines = reader.ReadToEnd().Split('\n').Select(line => line.TrimStart())
            .Where(line => line.Length > 0 && !line.StartsWith('#'));
        return Messages.Aggregate(
            string.Concat(lines.Select(line => line + "\n")),
            (text, message) => text.Replace(message.Key, message.Value, StringComparison.Ordinal));
    }

    // What refrag in the job would say, with variables of the script in it.
    private static IReadOnlyDictionary<string, string> Messages { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["@NoTool@"] = Text(CodeProblems.NoTool),
        ["@NoTar@"] = Text(CodeProblems.NoTar),
        ["@NoHash@"] = Text(CodeProblems.NoHash),
        ["@NotFetched@"] = Text(CodeProblems.NotFetched("$REFRAG_CODE", "$1")),
        ["@Damaged@"] = Text(CodeProblems.Damaged("$REFRAG_CODE", "its SHA-256 is $found")),
        ["@NotUnpacked@"] = Text(CodeProblems.NotUnpacked("$below", "$(why)")),
    };

    private static string Text(Problem problem) => $"{problem.Code} {problem.What}";
}
