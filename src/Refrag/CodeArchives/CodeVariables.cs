namespace Refrag.CodeArchives;

/// <summary>The variables by which a job finds its code.</summary>
public static class CodeVariables
{
    /// <summary>The URL of the archive, for <c>refrag exec</c>. The command does not get it: what it submits has code of its own.</summary>
    public const string Url = "REFRAG_CODE";

    /// <summary>SHA-256 of the archive before its compression.</summary>
    public const string Digest = "REFRAG_CODE_SHA256";

    /// <summary>The folder of the unpacked code, in which the command starts.</summary>
    public const string Folder = "REFRAG_CODE_DIR";

    /// <summary>The variables of a job with this code; none without code.</summary>
    /// <param name="code">The job's code; null if it brings none.</param>
    public static IReadOnlyList<KeyValuePair<string, string>> Of(CodeReference? code) =>
        code is null ? [] : [new(Url, code.Url), new(Digest, code.Digest)];
}
