using System.Text.RegularExpressions;
using Refrag.Aws.Batch;
using Refrag.Composition.Tree;

namespace Refrag.Jobs;

/// <summary>Reads what the container and its machine are to get, and reports what AWS would refuse or not find.</summary>
internal static partial class ContainerChangesReader
{
    // API Ulimit.name.
    private static readonly string[] s_ulimits =
    [
        "core", "cpu", "data", "fsize", "locks", "memlock", "msgqueue", "nice", "nofile", "nproc", "rss", "rtprio", "rttime", "sigpending",
        "stack",
    ];

    private static readonly string[] s_sources = ["efs", "host", "s3_files"];

    // p5.48xlarge has 32, the most of any type. (EC2 user guide, EFA)
    private const int MostEfaDevices = 32;
    private const int MebiBytesOfGibi = 1024;

    /// <summary>What is to be changed; null for nothing.</summary>
    public static ContainerChanges? Read(ValueReader reader, EnvironmentKind kind)
    {
        (IReadOnlyList<Volume> volumes, IReadOnlyList<MountPoint> mounts) = Volumes(reader);
        ContainerChanges changes = new()
        {
            SharedMemory = reader.Memory("env.shared_memory"),
            Tmpfs = TmpfsOf(reader),
            Ulimits = Ulimits(reader),
            EphemeralStorageGiB = EphemeralStorage(reader),
            Secrets = Secrets(reader),
            Volumes = volumes,
            MountPoints = mounts,
            Architecture = reader.Text("env.architecture") switch
            {
                null => null,
                "arm64" => ContainerChanges.Arm64,
                _ => ContainerChanges.X64,
            },
            Platform = reader.Text("env.platform") switch
            {
                null => null,
                "fargate" => PlatformCapability.Fargate,
                _ => PlatformCapability.Ec2,
            },
            EfaDevices = reader.Whole("env.efa", least: 0, MostEfaDevices) ?? 0,
        };
        if (kind == EnvironmentKind.Local) RefuseLocal(changes, reader);
        return changes.IsEmpty ? null : changes;
    }

    /// <summary>Reports what the platform that was named does not have.</summary>
    public static void Contradictions(JobSpec spec, ValueReader reader)
    {
        if (spec.Changes.Container is not { Platform: { } platform } changes) return;
        if (platform == PlatformCapability.Ec2)
        {
            if (changes.EphemeralStorageGiB is not null)
                reader.Wrong("RF8050", "env.ephemeral_storage", "env.ephemeral_storage is for Fargate, and env.platform=ec2",
                    "Remove one of them. The disk of an instance is that of its launch template.",
                    "A job on EC2 has the disk of its instance");
            return;
        }
        // API LinuxParameters, Ulimit, Host: not applicable to Fargate; UG fargate: neither GPUs nor multi-node jobs.
        string[] wrong = Set(
            ("env.shared_memory", changes.SharedMemory is not null),
            ("env.tmpfs", changes.Tmpfs.Count > 0),
            ("env.ulimits", changes.Ulimits.Count > 0),
            ("env.efa", changes.EfaDevices > 0),
            ("env.gpus", spec.Requirements.Gpus.Value > 0),
            ("env.nodes", spec.Nodes > 1),
            ("env.volumes", changes.Volumes.Any(volume => volume.Host?.SourcePath is not null)));
        if (wrong.Length == 0) return;
        reader.Wrong("RF8050", wrong[0], $"env.platform=fargate does not take {string.Join(", ", wrong)}",
            "Remove what Fargate does not have, or run the job on EC2: env.platform=ec2.",
            "Fargate has no GPUs, devices, paths of a host, limits or shared memory to choose, and no multi-node jobs");
    }

    // A process has what this machine has; only its limits can be set.
    private static void RefuseLocal(ContainerChanges changes, ValueReader reader)
    {
        string[] wrong = Set(
            ("env.shared_memory", changes.SharedMemory is not null),
            ("env.tmpfs", changes.Tmpfs.Count > 0),
            ("env.ephemeral_storage", changes.EphemeralStorageGiB is not null),
            ("env.secrets", changes.Secrets.Count > 0),
            ("env.volumes", changes.Volumes.Count > 0),
            ("env.architecture", changes.Architecture is not null),
            ("env.platform", changes.Platform is not null),
            ("env.efa", changes.EfaDevices > 0));
        foreach (string key in wrong)
        {
            reader.Wrong("RF8051", key, $"{key} is for a container, and a job of env=local is a process of this machine",
                key == "env.secrets"
                    ? "Set the variables where you run refrag, or rehearse: `refrag serve --secrets FILE` and env=awsbatch."
                    : "Remove it, or rehearse in containers: `refrag serve --runner container` and env=awsbatch.",
                "A process has this machine's memory, files and variables as they are");
        }
    }

    private static string[] Set(params ReadOnlySpan<(string Key, bool IsSet)> keys)
    {
        List<string> set = [];
        foreach ((string key, bool isSet) in keys)
        {
            if (isSet) set.Add(key);
        }
        return [.. set];
    }

    private static List<Tmpfs> TmpfsOf(ValueReader reader)
    {
        List<Tmpfs> all = [];
        foreach ((string path, string text) in reader.Texts("env.tmpfs"))
        {
            string key = $"env.tmpfs.{path}";
            if (!path.StartsWith('/'))
                reader.Wrong("RF8052", key, $"{key} is not an absolute path in the container",
                    "Write one, with the size: env.tmpfs={/scratch: 4GiB}.");
            else if (reader.Memory(key, text) is { } size)
                all.Add(new Tmpfs { ContainerPath = path, Size = (int)size.Value });
        }
        return all;
    }

    private static List<Ulimit> Ulimits(ValueReader reader)
    {
        List<Ulimit> all = [];
        foreach ((string name, ConfigNode value) in reader.Entries("env.ulimits"))
        {
            string key = $"env.ulimits.{name}";
            if (!s_ulimits.Contains(name))
            {
                reader.Wrong("RF8053", key, $"{key} is not a limit of Batch",
                    $"Use one of {string.Join(", ", s_ulimits)}.{Suggestion.Sentence(name, s_ulimits)}");
                continue;
            }
            bool isPair = value is ConfigMapping;
            int? soft = reader.Whole(isPair ? $"{key}.soft" : key, least: -1, int.MaxValue);
            int? hard = isPair ? reader.Whole($"{key}.hard", least: -1, int.MaxValue) : soft;
            if (isPair && (reader.Find($"{key}.soft") is null || reader.Find($"{key}.hard") is null))
                reader.Wrong("RF8053", key, $"{key} needs both, soft and hard", $"Write {key}={{soft: 1024, hard: 4096}}, or one number.");
            if (soft is not { } low || hard is not { } high) continue;
            if (high >= 0 && (low < 0 || low > high))
                reader.Wrong("RF8053", key, $"{key}: the soft limit {low} is above the hard limit {high}", "Raise the hard limit.");
            else all.Add(new Ulimit { Name = name, SoftLimit = low, HardLimit = high });
        }
        return all;
    }

    // The range stands in the schema, which every configuration meets first, and with the requests. (API EphemeralStorage: 21 to 200 GiB)
    private static int? EphemeralStorage(ValueReader reader)
    {
        const string key = "env.ephemeral_storage";
        if (reader.Memory(key) is not { } size) return null;
        if (size.Value % MebiBytesOfGibi == 0) return (int)(size.Value / MebiBytesOfGibi);
        reader.Wrong("RF8054", key, $"{key}={reader.Text(key)} is not a whole number of GiB",
            $"Write {key}={(size.Value / MebiBytesOfGibi) + 1}GiB.");
        return null;
    }

    // A value that names no secret may be the secret: it is not shown, and neither is the place where it stands.
    private static List<Secret> Secrets(ValueReader reader)
    {
        List<Secret> all = [];
        HashSet<string> plain =
            reader.Find("env.environment") is ConfigMapping variables ? [.. variables.Select(one => one.Key.ToString())] : [];
        foreach ((string name, string from) in reader.Texts("env.secrets"))
        {
            string? wrong = !JobSpecReader.IsVariableName(name) ? "is not a valid variable name"
                : name.StartsWith("AWS_BATCH", StringComparison.Ordinal) ? "cannot be set: Batch keeps the prefix AWS_BATCH for itself"
                : plain.Contains(name) ? "is in env.environment too"
                : !SecretName().IsMatch(from) ? "does not name a secret that AWS keeps"
                : null;
            if (wrong is null)
            {
                all.Add(new Secret { Name = name, ValueFrom = from });
                continue;
            }
            reader.Report(new Problem
            {
                Code = "RF8055",
                What = $"env.secrets.{name} {wrong}",
                Cause = "A job gets each secret as the variable of that name; values stay at AWS and are never written here",
                Cure = "Write +env.secrets.NAME=ARN, with the ARN of a secret in Secrets Manager or of a parameter in Systems Manager, or "
                    + "the parameter's name, which begins with /.",
            });
        }
        return all;
    }

    private static (List<Volume> Volumes, List<MountPoint> Mounts) Volumes(ValueReader reader)
    {
        List<Volume> volumes = [];
        List<MountPoint> mounts = [];
        foreach ((string name, _) in reader.Entries("env.volumes"))
        {
            string key = $"env.volumes.{name}";
            if (!VolumeName().IsMatch(name))
            {
                reader.Wrong("RF8056", "env.volumes", $"{name} is not a name of a volume",
                    "Use at most 255 letters, digits, hyphens and underscores.");
                continue;
            }
            string? path = reader.Text($"{key}.path");
            if (path is null || !path.StartsWith('/'))
                reader.Wrong("RF8056", key, $"{key} has no absolute path in the container",
                    $"Write where it is mounted: {key}.path=/mnt/{name}.");
            else if (mounts.Exists(mount => ContainerChanges.IsSamePath(mount.ContainerPath, path)))
                reader.Wrong("RF8056", $"{key}.path", $"{key}.path={path} is the path of another volume too", "Give each its own.");
            mounts.Add(new MountPoint
            {
                SourceVolume = name,
                ContainerPath = path,
                ReadOnly = reader.Text($"{key}.read_only") == "true" ? true : null,
            });
            volumes.Add(VolumeOf(reader, key, name));
        }
        return (volumes, mounts);
    }

    private static Volume VolumeOf(ValueReader reader, string key, string name)
    {
        string[] sources = [.. s_sources.Where(source => reader.Text($"{key}.{source}") is not null)];
        if (sources.Length > 1)
            reader.Wrong("RF8056", key, $"{key} has {string.Join(" and ", sources)}, and a volume is one of them", "Keep one.");
        string[] foreign = sources switch
        {
            ["efs", ..] => [],
            ["s3_files", ..] => ["iam", "encrypted"],
            _ => ["root", "access_point", "iam", "encrypted"],
        };
        foreach (string other in foreign.Where(other => reader.Text($"{key}.{other}") is not null))
            reader.Wrong("RF8056", $"{key}.{other}", $"{key}.{other} has no meaning for this kind of volume", "Remove it.");
        return sources switch
        {
            ["efs", ..] => new Volume { Name = name, EfsVolumeConfiguration = Efs(reader, key) },
            ["host", ..] => new Volume { Name = name, Host = new Host { SourcePath = HostPath(reader, key) } },
            ["s3_files", ..] => new Volume { Name = name, S3filesVolumeConfiguration = S3Files(reader, key) },
            // An empty one of the container's own. (API Host)
            _ => new Volume { Name = name, Host = new Host() },
        };
    }

    private static string HostPath(ValueReader reader, string key)
    {
        string path = reader.Text($"{key}.host")!;
        if (!path.StartsWith('/'))
            reader.Wrong("RF8056", $"{key}.host", $"{key}.host={path} is not an absolute path of the instance",
                $"Write {key}.host=/{path}.");
        return path;
    }

    // API EFSVolumeConfiguration, EFSAuthorizationConfig: with an access point the root is / or left out; with one, and with IAM, the
    // transit must be encrypted. AWS's default is not to encrypt; ours is to.
    private static EFSVolumeConfiguration Efs(ValueReader reader, string key)
    {
        string id = reader.Text($"{key}.efs")!;
        if (!id.StartsWith("fs-", StringComparison.Ordinal))
            reader.Wrong("RF8056", $"{key}.efs", $"{key}.efs={id} is not the id of a file system",
                $"Write its id, such as {key}.efs=fs-12345678.");
        (string? root, string? point) = (reader.Text($"{key}.root"), reader.Text($"{key}.access_point"));
        bool iam = reader.Text($"{key}.iam") == "true";
        bool encrypts = reader.Text($"{key}.encrypted") != "false";
        CheckRoot(reader, key, root, point);
        if (!encrypts && (iam || point is not null))
            reader.Wrong("RF8056", $"{key}.encrypted", $"{key}.encrypted=false is not possible with an access point or with iam",
                "Remove it.");
        return new EFSVolumeConfiguration
        {
            FileSystemId = id,
            RootDirectory = root,
            TransitEncryption = encrypts ? EFSTransitEncryption.Enabled : null,
            AuthorizationConfig = point is null && !iam
                ? null
                : new EFSAuthorizationConfig { AccessPointId = point, Iam = iam ? EFSAuthorizationConfigIAM.Enabled : null },
        };
    }

    // API EFSAuthorizationConfig.accessPointId, ECS API S3FilesVolumeConfiguration.accessPointArn: the root is / then, or left out.
    private static void CheckRoot(ValueReader reader, string key, string? root, string? point)
    {
        if (point is not null && root is not (null or "/"))
            reader.Wrong("RF8056", $"{key}.root", $"{key}.root={root} contradicts the access point, which has a root of its own",
                "Remove it.");
    }

    private static S3FilesVolumeConfiguration S3Files(ValueReader reader, string key)
    {
        string arn = reader.Text($"{key}.s3_files")!;
        if (!arn.StartsWith("arn:", StringComparison.Ordinal))
            reader.Wrong("RF8056", $"{key}.s3_files", $"{key}.s3_files={arn} is not the ARN of a file system of S3 Files",
                "Write its ARN.");
        (string? root, string? point) = (reader.Text($"{key}.root"), reader.Text($"{key}.access_point"));
        if (point is not null && !point.StartsWith("arn:", StringComparison.Ordinal))
            reader.Wrong("RF8056", $"{key}.access_point", $"{key}.access_point={point} is not the ARN of an access point of S3 Files",
                "Write its ARN.");
        CheckRoot(reader, key, root, point);
        return new S3FilesVolumeConfiguration { FileSystemArn = arn, RootDirectory = root, AccessPointArn = point };
    }

    // API Secret.valueFrom: the full ARN of a secret or of a parameter, or the name of a parameter of the job's region. A name without / is
    // not taken: a password would pass for one.
    [GeneratedRegex(
        @"^(arn:aws[a-z-]*:(secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:|ssm:[a-z0-9-]+:[0-9]{12}:parameter/).+|/[A-Za-z0-9_./-]+)\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex SecretName();

    // API Volume.name.
    [GeneratedRegex(@"^[A-Za-z0-9_-]{1,255}\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex VolumeName();
}
