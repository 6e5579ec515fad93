using System.Globalization;
using Refrag.Runners.Attempts;

namespace Refrag.Runners.Processes;

/// <summary>
/// Makes control groups beneath the one that this process is in, where that is permitted: version 2, or version 1 with a memory and a cpu
/// hierarchy. Looks once, by trying.
/// </summary>
internal sealed class CgroupHost
{
    private static readonly string[] s_controllers = ["memory", "cpu"];

    /// <summary>How the names of all groups begin that are made here.</summary>
    public const string Prefix = "refrag-";

    private readonly string? _memory;
    private readonly string? _cpu;
    private readonly CgroupKind _kind;

    private CgroupHost(string? memory, string? cpu, CgroupKind kind, IReadOnlyList<string> notes) =>
        (_memory, _cpu, _kind, Notes) = (memory, cpu, kind, notes);

    /// <summary>Whether a memory limit is enforced.</summary>
    public bool LimitsMemory => _memory is not null;

    /// <summary>The folders in which groups are made.</summary>
    public IEnumerable<string> Parents => new[] { _memory, _cpu }.OfType<string>().Distinct();

    /// <summary>What is enforced and what is not, for people.</summary>
    public IReadOnlyList<string> Notes { get; }

    /// <summary>Looks what this process may do.</summary>
    /// <param name="root">Where the kernel shows control groups.</param>
    /// <param name="own">The file that says in which this process is.</param>
    public static CgroupHost Find(string root = "/sys/fs/cgroup", string own = "/proc/self/cgroup")
    {
        if (!Directory.Exists(root)) return Without($"there is no {root}");
        Dictionary<string, string> paths = Paths(own);
        if (File.Exists(Path.Combine(root, "cgroup.controllers"))) return Unified(Path.Join(root, paths.GetValueOrDefault("", "/")));
        string? memory = Usable(root, "memory", paths), cpu = Usable(root, "cpu", paths);
        if (memory is null && cpu is null) return Without($"{root} may not be written");
        bool letsThreadsIn = new[] { memory, cpu }.OfType<string>().All(LetsThreadsIn);
        return new CgroupHost(memory, cpu, new CgroupKind(IsUnified: false, letsThreadsIn),
            [Note("memory", memory is not null), Note("cpu", cpu is not null)]);
    }

    /// <summary>
    /// Makes the group of an attempt with its limits; null if nothing can be limited. The same name gives the same group.
    /// </summary>
    public Cgroup? Make(string name, AttemptLimits limits, CgroupPool? pool = null)
    {
        Cgroup? made = Of(name, CgroupFiles.TryMake, pool);
        made?.TryLimit(limits);
        return made;
    }

    /// <summary>The group that an earlier engine made; null if there is none.</summary>
    public Cgroup? Find(string name) => Of(name, Directory.Exists, null);

    /// <summary>The names of the groups that begin in some way.</summary>
    public IReadOnlyList<string> Names(string beginning) =>
    [
        .. Parents.SelectMany(CgroupFiles.Folders).Select(folder => Path.GetFileName(folder)!)
            .Where(name => name.StartsWith(Prefix + beginning, StringComparison.Ordinal)).Select(name => name[Prefix.Length..]).Distinct(),
    ];

    private Cgroup? Of(string name, Predicate<string> isThere, CgroupPool? pool)
    {
        string? memory = In(_memory), cpu = In(_cpu);
        return memory is null && cpu is null ? null : new Cgroup(_kind, memory, cpu, pool);
        string? In(string? parent) =>
            parent is not null && Path.Combine(parent, Prefix + name) is var folder && isThere(folder) ? folder : null;
    }

    // A group that has processes itself cannot give its controllers on to children: this process moves into one of its own, where it is
    // alone in there.
    private static CgroupHost Unified(string parent)
    {
        string[] controllers = [.. CgroupFiles.Lines(Path.Combine(parent, "cgroup.controllers")).SelectMany(line => line.Split(' '))];
        string control = Path.Combine(parent, "cgroup.subtree_control");
        string[] wanted = [.. s_controllers.Where(controllers.Contains)];
        if (wanted.Length == 0) return Without($"{parent} has no controllers for them");
        string request = string.Join(' ', wanted.Select(name => "+" + name));
        if (!CgroupFiles.TryWrite(control, request) && !(MakeRoom(parent) && CgroupFiles.TryWrite(control, request)))
            return Without($"{control} may not be written");
        string? memory = wanted.Contains("memory") ? parent : null, cpu = wanted.Contains("cpu") ? parent : null;
        return new CgroupHost(memory, cpu, new CgroupKind(IsUnified: true, LetsThreadsIn: false),
            [Note("memory", memory is not null), Note("cpu", cpu is not null)]);
    }

    private static bool MakeRoom(string parent)
    {
        string own = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        string folder = Path.Combine(parent, Prefix + "engine");
        return CgroupFiles.Lines(Path.Combine(parent, Cgroup.Members)) is [var only] && only == own
            && CgroupFiles.TryMake(folder) && CgroupFiles.TryWrite(Path.Combine(folder, Cgroup.Members), own);
    }

    private static string? Usable(string root, string controller, Dictionary<string, string> paths)
    {
        string mount = Path.Combine(root, controller);
        if (!Directory.Exists(mount)) return null;
        string parent = Path.Join(mount, paths.GetValueOrDefault(controller, "/"));
        // In a container the path may be the host's, and only the mount itself is to be seen.
        if (!Directory.Exists(parent)) parent = mount;
        string probe = Probe(parent);
        if (!CgroupFiles.TryMake(probe)) return null;
        CgroupFiles.TryRemove(probe);
        return parent;
    }

    // Into a group and back. Not where the rest of this process is elsewhere, as it may be in a container: then a thread that came back
    // would be in a new place.
    private static bool LetsThreadsIn(string parent)
    {
        string own = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        if (LibC.Access(Path.Combine(parent, Cgroup.Threads), LibC.MayWrite) != 0
            || !CgroupFiles.Lines(Path.Combine(parent, Cgroup.Members)).Contains(own)) return false;
        string probe = Probe(parent);
        bool went = CgroupFiles.TryMake(probe) && CgroupFiles.TryWrite(Path.Combine(probe, Cgroup.Threads), Cgroup.Caller);
        bool came = CgroupFiles.TryWrite(Path.Combine(parent, Cgroup.Threads), Cgroup.Caller);
        CgroupFiles.TryRemove(probe);
        return went && came;
    }

    private static string Probe(string parent) =>
        Path.Combine(parent,
            string.Create(CultureInfo.InvariantCulture, $"{Prefix}probe-{Environment.ProcessId}-{Environment.CurrentManagedThreadId}"));

    // Lines such as `4:memory:/path`, and `0::/path` for version 2.
    private static Dictionary<string, string> Paths(string file)
    {
        var paths = new Dictionary<string, string>();
        foreach (string[] parts in CgroupFiles.Lines(file).Select(line => line.Split(':', 3)).Where(parts => parts.Length == 3))
        {
            foreach (string controller in parts[1].Split(',')) paths[controller] = parts[2];
        }
        return paths;
    }

    private static CgroupHost Without(string why) => new(null, null, new CgroupKind(IsUnified: false, LetsThreadsIn: false),
        [$"Memory and CPU limits are not enforced: {why}. A job may take more than it asked for; only what is started at once is "
            + "limited."]);

    private static string Note(string controller, bool has) => controller == "memory"
        ? has
        ? "Memory: a job that takes more than it asked for is killed, as on AWS (control group)."
        : "Memory limits are not enforced: there is no memory controller."
        : has
        ? "CPU: each job has its share, and more where others leave it idle, as on Amazon ECS with EC2 (control group)."
        : "CPU shares are not enforced: there is no cpu controller.";
}
