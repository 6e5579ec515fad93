using System.Globalization;

namespace Refrag.CodeArchives;

/// <summary>What is wrong with the code that a job brings. RF80xx.</summary>
public static class CodeProblems
{
    private const int MostListed = 10;

    internal static Problem NoFolder(string path, Place? place) => new()
    {
        Code = "RF8001",
        What = $"env.code={path} is not a folder",
        Cure = "Name the folder that holds the code, for example env.code=. for the current one.",
        Place = place,
    };

    internal static Problem NoGit(string folder, Place? place) => new()
    {
        Code = "RF8002",
        What = $"{folder} is in a Git repository, and git is not on PATH",
        Cause = "Without Git it is not known which files the repository ignores",
        Cure = "Install git, or name a folder outside of the repository.",
        Place = place,
    };

    internal static Problem GitFailed(string folder, string said, Place? place) => new()
    {
        Code = "RF8003",
        What = $"git cannot list the files of {folder}: {said}",
        Cure = $"Make this work first: git -C {ShellWord.Quote(folder)} ls-files.",
        Place = place,
    };

    internal static Problem Secrets(IReadOnlyList<string> files, Place? place) => new()
    {
        Code = "RF8004",
        What = $"The code has files that look like secrets: {Listed(files)}",
        Cause = "The archive would keep them in the store, and every job would have them",
        Cure = "Leave them out with a line each in .refragignore. If a job needs one, name it: "
            + $"env.code_include=[{string.Join(',', files.Take(MostListed))}].",
        Place = place,
    };

    internal static Problem Links(IReadOnlyList<string> links, Place? place) => new()
    {
        Code = "RF8005",
        What = $"The code has symbolic links that leave its folder: {Listed(links)}",
        Cause = "A job has the folder alone. A link may hold '..' at its beginning only, and no absolute path",
        Cure = "Replace them by copies or by relative links into the folder, or leave them out with a line each in .refragignore.",
        Place = place,
    };

    internal static Problem Names(IReadOnlyList<string> names, Place? place) => new()
    {
        Code = "RF8006",
        What = $"The code has names that are not UTF-8: {Listed(names)}",
        Cause = "'\uFFFD' stands for bytes that are not characters. Such a name means another thing on another machine",
        Cure = "Rename them, or leave their folder out with a line in .refragignore.",
        Place = place,
    };

    internal static Problem TooLarge(IReadOnlyList<CodeFile> files, int limit, Place? place) => new()
    {
        Code = "RF8007",
        What = $"The code has {Size(files.Sum(file => file.Bytes))} in {Count(files.Count)}; env.code_limit allows "
            + string.Create(CultureInfo.InvariantCulture, $"{limit:N0} MiB"),
        Cause = $"The largest are {string.Join(", ", Largest(files).Select(file => $"{file.Path} ({Size(file.Bytes)})"))}",
        Cure = "Leave out what the job does not need with lines in .refragignore, or raise the limit: "
            + $"env.code_limit={Math.Min(Needed(files), CodeSource.MostLimit)}. Data belongs into a bucket, a file system or the image.",
        Place = place,
    };

    internal static Problem TooMany(int most, Place? place) => new()
    {
        Code = "RF8008",
        What = string.Create(CultureInfo.InvariantCulture, $"The code has more than {most:N0} files"),
        Cure = "Leave out what the job does not need with lines in .refragignore, or name a smaller folder.",
        Place = place,
    };

    internal static Problem Empty(string path, Place? place) => new()
    {
        Code = "RF8009",
        What = $"env.code={path} has no files that a job would get",
        Cause = "The folder is empty, or all in it is ignored",
        Cure = "Name another folder, or take files back with lines such as !train.py in .refragignore.",
        Place = place,
    };

    internal static Problem Unreadable(string path, string why, Place? place) => new()
    {
        Code = "RF8010",
        What = $"{path} of the code cannot be read: {why}",
        Cure = "Make it readable, or leave it out with a line in .refragignore.",
        Place = place,
    };

    internal static Problem Changed(string path, Place? place) => new()
    {
        Code = "RF8011",
        What = $"{path} of the code changed while it was archived",
        Cure = "Run the command again. If a program writes into the folder all the time, leave its files out with a line in .refragignore.",
        Place = place,
    };

    internal static Problem NotIncluded(string path, Place? place) => new()
    {
        Code = "RF8012",
        What = $"env.code_include names {path}, which is not a file in the folder of the code",
        Cure = "Write the file's path relative to env.code.",
        Place = place,
    };

    internal static Problem WrongStore(string url, Place? place) => new()
    {
        Code = "RF8013",
        What = $"env.code_store={url} is not the URL of a store",
        Cure = "Write s3://BUCKET/PREFIX, with letters, digits and - _ . = in the prefix; or file:// and an absolute path: "
            + "env.code_store=file:///mnt/shared/code.",
        Place = place,
    };

    internal static Problem NeedsStore(Place? place) => new()
    {
        Code = "RF8014",
        What = "The job does not run on this machine, and env.code_store does not say where it finds the code",
        Cure = "Name a bucket (env.code_store=s3://BUCKET/PREFIX), or a file system that this machine and the jobs have under the same "
            + "path (env.code_store=file:///mnt/shared/code).",
        Place = place,
    };

    internal static Problem NotStored(string url, string why, Place? place) => new()
    {
        Code = "RF8015",
        What = $"The code cannot be written to {url}: {why.TrimEnd('.')}",
        Cure = "Make room or make the folder writable, or name another store: env.code_store=file:///FOLDER.",
        Place = place,
    };

    /// <summary>The jobs of a sweep differ in the code that they bring.</summary>
    /// <param name="place">Where the code is chosen.</param>
    public static Problem Several(Place? place) => new()
    {
        Code = "RF8017",
        What = "The jobs of a sweep bring one code, and these differ in env.code or another key that begins with env.code",
        Cure = "Run the command once for each of them.",
        Place = place,
    };

    /// <summary>The code that a sweep was started with is gone.</summary>
    /// <param name="code">The code.</param>
    public static Problem Gone(CodeReference code) => new()
    {
        Code = "RF8018",
        What = $"The code that the sweep was started with is no longer at {code.Url}",
        Cause = "A sweep is resumed with the code that was submitted, not with what the folder holds now",
        Cure = "Put the archive back, or start the sweep anew.",
    };

    internal static Problem WrongVariables(string url, string? digest) => new()
    {
        Code = "RF8019",
        What = $"{CodeVariables.Url}={url} and {CodeVariables.Digest}={digest} do not name the code of a job",
        Cure = "Leave these variables to refrag run, which sets both of them.",
        Place = new VariablePlace(CodeVariables.Digest, digest),
    };

    internal static Problem NotFetched(string url, string why) => new()
    {
        Code = "RF8020",
        What = $"The code of the job cannot be read from {url}: {why.TrimEnd('.')}",
        Cause = "The job runs where the store cannot be reached, as in a container without its path, or the archive was removed",
        Cure = "Give the job the same path, or a role that may read the bucket; and submit it again from the folder with the code.",
        Place = new VariablePlace(CodeVariables.Url, url),
    };

    internal static Problem Damaged(string url, string why) => new()
    {
        Code = "RF8021",
        What = $"The code at {url} is not what was submitted: {why.TrimEnd('.')}",
        Cause = "The archive was damaged or changed in the store; nothing of it was run",
        Cure = "Remove this archive, and submit again from the folder with the code.",
        Place = new VariablePlace(CodeVariables.Url, url),
    };

    internal static Problem Unsafe(string url, string entry) => new()
    {
        Code = "RF8022",
        What = $"The code at {url} has an entry that could leave its folder: {entry}",
        Cause = "refrag makes no such archive; nothing of it was run",
        Cure = "Remove this archive, and submit again from the folder with the code.",
        Place = new VariablePlace(CodeVariables.Url, url),
    };

    internal static Problem NotUnpacked(string folder, string why) => new()
    {
        Code = "RF8023",
        What = $"The code cannot be unpacked below {folder}: {why.TrimEnd('.')}",
        Cure = "Make room there, or name another folder with the variable TMPDIR: +env.environment.TMPDIR=/scratch.",
    };

    internal static Problem NoTool { get; } = new()
    {
        Code = "RF8122",
        What = "The image has no AWS CLI, curl, wget or python3 to fetch the code with",
        Cause = "With env.entry_point=shell the code arrives by what the image has",
        Cure = "Add one of them to the image, or use an image whose entry point is refrag.",
    };

    internal static Problem NoTar { get; } = new()
    {
        Code = "RF8123",
        What = "The image has neither tar and gzip nor python3, which have to unpack the code",
        Cause = "With env.entry_point=shell the code arrives by what the image has",
        Cure = "Add tar and gzip to the image, or use an image whose entry point is refrag.",
    };

    internal static Problem NoHash { get; } = new()
    {
        Code = "RF8124",
        What = "The image has neither sha256sum nor shasum, which have to check the code",
        Cause = "With env.entry_point=shell the code arrives by what the image has",
        Cure = "Add coreutils or BusyBox to the image, or use an image whose entry point is refrag.",
    };

    /// <summary>The ten largest files, the largest first.</summary>
    public static IEnumerable<CodeFile> Largest(IEnumerable<CodeFile> files) =>
        files.OrderByDescending(file => file.Bytes).ThenBy(file => file.Path, StringComparer.Ordinal).Take(MostListed);

    /// <summary>A size for people, such as <c>3.4 MiB</c>.</summary>
    public static string Size(long bytes) => bytes switch
    {
        < 1024 => string.Create(CultureInfo.InvariantCulture, $"{bytes} bytes"),
        < 1024 * 1024 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0:0.0} KiB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0 / 1024.0:N1} MiB"),
    };

    /// <summary>How many files, for people.</summary>
    public static string Count(int files) =>
        files == 1 ? "1 file" : string.Create(CultureInfo.InvariantCulture, $"{files:N0} files");

    private static long Needed(IEnumerable<CodeFile> files) => (files.Sum(file => file.Bytes) / 1024 / 1024) + 1;

    private static string Listed(IReadOnlyList<string> names) => names.Count <= MostListed
        ? string.Join(", ", names)
        : $"{string.Join(", ", names.Take(MostListed))} and {names.Count - MostListed} more";
}
