using Refrag.Composition.Tree;

namespace Refrag.Jobs;

/// <summary>Reads what <c>env=slurm</c> has of its own, and refuses what a Slurm cluster cannot hold.</summary>
internal static class SlurmReader
{
    private const string WorkingDirectory = "chdir";

    // Options that other keys of env say, or that finding, stopping and repeating the job rests on.
    private static readonly string[] s_protected =
    [
        "array", "batch", "chdir", "cluster-constraint", "clusters", "cpus-per-task", "dependency", "error", "export", "export-file",
        "gpus", "gpus-per-node", "gpus-per-task", "gres", "input", "job-name", "kill-on-invalid-dep", "mem", "mem-per-cpu", "mem-per-gpu",
        "no-kill", "no-requeue", "nodes", "ntasks", "ntasks-per-node", "open-mode", "output", "parsable", "partition", "quiet", "requeue",
        "signal", "tasks-per-node", "test-only", "time", "wait", "wrap",
    ];

    // Keys of other environments, and what there is instead.
    private static readonly (string Key, string Cure)[] s_foreign =
    [
        ("image", "Name the program that the nodes have, or let the command start a container itself."),
        ("region", "Remove it: a cluster is reached by env.host, or is on this machine."),
        ("regions", "Remove it: a cluster is one place."),
        ("profile", "Remove it: nothing is asked of AWS."),
        ("endpoint_url", "Remove it: a cluster is reached by env.host, or is on this machine."),
        ("job_definition_name", "Remove it: what a definition would say is in conf/env/slurm.yaml."),
        ("distributed_job_queue", "Name the partition with env.job_queue."),
        ("spot", "Remove it: what may be preempted is the partition's or the QOS's matter (env.sbatch.qos)."),
        ("priority_class", "Name a QOS: env.sbatch.qos=NAME."),
        ("share_identifier", "Name an account: env.sbatch.account=NAME."),
        ("priority", "Use env.sbatch.qos=NAME, or env.sbatch.nice=NUMBER to stand back."),
        ("claims", "Remove it: no job is moved."),
        ("job_role_arn", "Remove it: the job runs as you."),
        ("execution_role_arn", "Remove it: the job runs as you."),
        ("log_group", "Remove it: the log is a file in env.folder."),
        ("shell", "Use `srun --jobid=ID --overlap --pty sh` on the cluster."),
        ("shared_memory", "Remove it: the job has the node's /dev/shm."),
        ("tmpfs", "Remove it: the job has the node's file systems."),
        ("ulimits", "Set them in the command: sh -c 'ulimit -n 65536; exec PROGRAM'."),
        ("ephemeral_storage", "Use env.sbatch.tmp=SIZE."),
        ("secrets", "Let the program read a file that only you may read: scripts of jobs can be read by administrators."),
        ("volumes", "Remove it: the job has the node's file systems."),
        ("architecture", "Use env.sbatch.constraint=FEATURE."),
        ("platform", "Remove it: there are nodes and nothing else."),
        ("efa", "Remove it: the nodes' network is the site's matter."),
        ("results", "Write to a folder that the nodes share with you; nothing needs to be fetched."),
    ];

    /// <summary>The definition of all jobs: a script for sbatch.</summary>
    public static NameChoice Definitions { get; } = new("sbatch", "sbatch", null);

    /// <summary>How the cluster is reached.</summary>
    public static ConnectionSpec Connection(ValueReader reader)
    {
        string folder = reader.Text("env.folder") ?? "";
        if (!IsPlain(folder))
            reader.Wrong("RF8210", "env.folder", $"env.folder={folder} is not an absolute path that job scripts can use",
                "Write one without blanks and special characters that you and the nodes have: env.folder=/home/me/refrag-jobs.");
        return new ConnectionSpec(Slurm: new SlurmConnection(reader.Text("env.host"), folder.TrimEnd('/')));
    }

    /// <summary>What the job has beside.</summary>
    public static SlurmChoice Read(ValueReader reader)
    {
        Dictionary<string, string> parameters = new(StringComparer.Ordinal);
        foreach ((string option, string value) in reader.Texts("env.sbatch"))
        {
            string key = $"env.sbatch.{option}";
            if (option.Length == 0 || option.Any(letter => !char.IsAsciiLetterLower(letter) && letter != '-' && !char.IsAsciiDigit(letter)))
                reader.Wrong("RF8211", key, $"{key} is not the long name of an option of sbatch", "Write it as --help does: qos, account.");
            // sbatch takes the beginning of a name for the name. (getopt_long(3))
            else if (s_protected.Any(one => one.StartsWith(option, StringComparison.Ordinal)))
                reader.Wrong("RF8212", key, $"{key} cannot be set: refrag sets --{option} itself", Instead(option));
            else parameters[option] = value;
        }
        string directory = reader.Text("env.workdir") ?? "";
        if (!directory.StartsWith('/'))
            reader.Wrong("RF8213", "env.workdir", $"env.workdir={directory} is not an absolute path",
                "Name the folder that the job runs in on the nodes: env.workdir=/PATH.");
        parameters[WorkingDirectory] = directory;
        return new SlurmChoice(reader.Text("env.program") ?? "refrag", parameters);
    }

    /// <summary>Reports keys that mean nothing on a cluster, with what there is instead.</summary>
    public static void Refuse(ValueReader reader)
    {
        foreach ((string key, string cure) in s_foreign)
        {
            if (IsSet(reader, $"env.{key}"))
                reader.Wrong("RF8214", $"env.{key}", $"env.{key} does not hold on a Slurm cluster", cure);
        }
        foreach ((string name, string value) in reader.Texts("env.environment"))
        {
            string key = $"env.environment.{name}";
            if (name.StartsWith("SLURM_", StringComparison.Ordinal) || name.StartsWith("refrag_", StringComparison.Ordinal))
                reader.Wrong("RF8215", key, $"{name} cannot be set: Slurm or the job's script sets it", "Use another name.");
            // (POSIX, XBD 3.216 Name: what a shell can export)
            else if (!IsName(name))
                reader.Wrong("RF8215", key, $"{name} is no name that a shell script can export", "Use letters, digits and '_'.");
            // Linux takes 128 KiB for one string of an environment; the shell then cannot start anything. (execve(2))
            else if (System.Text.Encoding.UTF8.GetByteCount(value) + name.Length + 2 > 128 * 1024)
                reader.Wrong("RF8215", key, $"{name} is longer than the 128 KiB that a variable can have", "Put it into a file.");
        }
    }

    private static string Instead(string option) => option switch
    {
        "partition" => "Use env.job_queue=NAME.",
        "nodes" => "Use env.nodes=NUMBER.",
        "cpus-per-task" => "Use env.vcpus=NUMBER.",
        "mem" or "mem-per-cpu" or "mem-per-gpu" => "Use env.memory=SIZE, which is for each node.",
        "gpus" or "gres" or "gpus-per-node" or "gpus-per-task" => "Use env.gpus=NUMBER, which is for each node.",
        "time" => "Use env.timeout=TIME.",
        "array" => "Use env.array_size=NUMBER or a sweep.",
        "dependency" => "Use env.depends_on=[ID].",
        "requeue" or "no-requeue" => "Use env.retries=NUMBER.",
        "job-name" => "Use env.job_name=NAME.",
        "chdir" => "Use env.workdir=PATH.",
        "export" => "Use env.environment.",
        _ => "Remove it.",
    };

    private static bool IsName(string name) => name.Length > 0 && !char.IsAsciiDigit(name[0])
        && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '_');

    private static bool IsPlain(string path) => path.StartsWith('/') && path.Length > 1
        && path.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '/' or '-' or '_' or '.' or '+' or '@' or '=');

    private static bool IsSet(ValueReader reader, string key) => reader.Find(key) switch
    {
        null => false,
        ConfigMapping mapping => mapping.Count > 0,
        ConfigList list => list.Count > 0,
        // What says the same as nothing is no wish.
        _ => reader.Text(key) is { } text && text is not ("false" or "0"),
    };
}
