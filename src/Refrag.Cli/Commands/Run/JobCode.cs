using System.Globalization;
using Refrag.Cli.Connections;
using Refrag.Cli.Context;
using Refrag.CodeArchives;
using Refrag.Jobs;

namespace Refrag.Cli.Commands.Run;

/// <summary>
/// The code of the jobs of one command. It is archived once, and uploaded after everything else of the jobs was checked; a sweep that is
/// resumed keeps the code that it was started with.
/// </summary>
internal sealed class JobCode
{
    // Archives above this size are worth a look at what makes them large.
    private const long LargeBytes = 10L * 1024 * 1024;

    private readonly CliContext _context;
    private readonly bool _isResumed;
    private ConnectionSpec _connection = new();
    private string? _key;
    private CodePackage? _package;
    private ICodeStore? _store;

    private JobCode(CliContext context, bool isResumed, CodeReference? reference) =>
        (_context, _isResumed, Reference) = (context, isResumed, reference);

    /// <summary>The code; null if the jobs bring none, or none was attached yet.</summary>
    public CodeReference? Reference { get; private set; }

    /// <summary>The code as the folder holds it now.</summary>
    public static JobCode OfFolder(CliContext context) => new(context, isResumed: false, reference: null);

    /// <summary>The code that a sweep was started with.</summary>
    /// <param name="context">The process.</param>
    /// <param name="reference">The code; null if it was started without.</param>
    public static JobCode OfSweep(CliContext context, CodeReference? reference) => new(context, isResumed: true, reference);

    /// <summary>The job with its code; or what is wrong with the code.</summary>
    /// <param name="spec">The job.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<Result<JobSpec>> AttachAsync(JobSpec spec, CancellationToken cancellationToken)
    {
        _connection = spec.Connection;
        if (_isResumed) return spec with { Code = Reference is null ? null : spec.Code, CodeReference = Reference };
        Place? place = spec.Places.Of("env.code");
        string key = spec.Code?.Key ?? "";
        _key ??= key;
        if (_key != key) return CodeProblems.Several(place);
        if (spec.Code is not { } source) return spec;
        if (Reference is null)
        {
            Result<CodeReference> packed = await PackAsync(source, spec, place, cancellationToken);
            if (!packed.TryGet(out CodeReference? reference, out IReadOnlyList<Problem> problems)) return Result<JobSpec>.Failure(problems);
            Reference = reference;
        }
        return spec with { CodeReference = Reference };
    }

    /// <summary>Prints every file, for <c>--dry-run</c>.</summary>
    public void List()
    {
        if (_package is null) return;
        foreach (CodeFile file in _package.Listing.Files) _context.Terminal.Note(
            file.LinkTarget is { } target ? $"{"link",12}  {file.Path} -> {target}" : $"{CodeProblems.Size(file.Bytes),12}  {file.Path}");
        NoteLargest();
        Note(_package);
    }

    /// <summary>Has the archive in the store, so that jobs can be submitted; or why not.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IReadOnlyList<Problem>> UploadAsync(CancellationToken cancellationToken)
    {
        if (_package is not null)
        {
            Note(_package);
            if (_package.Listing.Bytes > LargeBytes) NoteLargest();
            return await _package.UploadAsync(_store!, cancellationToken) is { } fault ? [fault] : [];
        }
        if (Reference is not { } code) return [];
        if (!CodeStores.Of(code, AwsConnection.OfOtherServices(_context, _connection))
            .TryGet(out ICodeStore? store, out IReadOnlyList<Problem> problems)) return problems;
        return await store.HasAsync(code.Digest, cancellationToken) ? [] : [CodeProblems.Gone(code)];
    }

    private async Task<Result<CodeReference>> PackAsync(
        CodeSource source, JobSpec spec, Place? place, CancellationToken cancellationToken)
    {
        if (!Store(source, spec).TryGet(out _store, out IReadOnlyList<Problem> problems)) return Result<CodeReference>.Failure(problems);
        Result<CodePackage> made = await CodePackage.MakeAsync(
            source, _context.WorkingDirectory, place, new CodeIndex(InState("code-index"), _context.Time), cancellationToken);
        if (!made.TryGet(out _package, out problems)) return Result<CodeReference>.Failure(problems);
        return new CodeReference(_store.UrlOf(_package.Digest), _package.Digest, _package.Listing.Git);
    }

    private Result<ICodeStore> Store(CodeSource source, JobSpec spec)
    {
        if (source.Store is { } url) return CodeStores.Named(
            url, spec.Places.Of("env.code_store"), AwsConnection.OfOtherServices(_context, spec.Connection));
        bool isHere = spec.Kind == EnvironmentKind.Local || AwsConnection.IsOfThisMachine(_context, spec.Connection);
        return isHere
            ? CodeStores.OfThisMachine(InState("code"), _context.Time)
            : CodeStores.Elsewhere(spec.Places.Of("env.code"));
    }

    private string InState(string name) => Path.Combine(UserFolders.State(_context.Variable), name);

    private void Note(CodePackage package)
    {
        string size = $"{CodeProblems.Count(package.Listing.Files.Count)}, {CodeProblems.Size(package.Listing.Bytes)}";
        string git = package.Listing.Git switch
        {
            { Commit: { } commit } state =>
                $", commit {commit[..Math.Min(10, commit.Length)]}{(state.Branch is { } branch ? $" of {branch}" : "")}"
                + (state.IsDirty ? " with changes" : ""),
            { } => ", before the first commit",
            null => "",
        };
        _context.Terminal.Note(string.Create(CultureInfo.InvariantCulture, $"Code: {size}{git}, sha256 {package.Digest[..12]}"));
    }

    private void NoteLargest()
    {
        IEnumerable<string> largest =
            CodeProblems.Largest(_package!.Listing.Files).Select(file => $"{file.Path} ({CodeProblems.Size(file.Bytes)})");
        _context.Terminal.Note($"The largest files: {string.Join(", ", largest)}");
    }
}
