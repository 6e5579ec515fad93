using Refrag.Aws.Batch;
using Refrag.Jobs;
using Refrag.Launching;
using Refrag.Targeting;

namespace Refrag.Tests.Launching;

public sealed class DefinitionDerivationTests
{
    private static readonly JobDefinition s_chosen = new()
    {
        JobDefinitionName = "d",
        Revision = 3,
        Type = "container",
        ContainerProperties = new ContainerProperties
        {
            Image = "old",
            JobRoleArn = "role",
            ResourceRequirements = [new ResourceRequirement { Type = "VCPU", Value = "4" }],
            LogConfiguration = new LogConfiguration
            {
                LogDriver = "awslogs",
                Options = new Dictionary<string, string> { ["awslogs-region"] = "eu-west-1" },
            },
        },
        Timeout = new JobTimeout { AttemptDurationSeconds = 60 },
        Tags = new Dictionary<string, string> { ["team"] = "vision", ["aws:made-by"] = "x", ["refrag:content-hash"] = "y" },
    };

    [Fact]
    public void For_NothingToChange_IsNull() => Assert.Null(DefinitionDerivation.For(Specs.Command(), Target("d")));

    [Theory]
    [InlineData("old", "role", null, true)]
    [InlineData("new", null, null, false)]
    [InlineData("old", "another", null, false)]
    [InlineData("old", null, "/mine", false)]
    public void IsAlready_WhatTheChosenOneSays_NeedsNoOther(string image, string? role, string? group, bool already) =>
        Assert.Equal(already, For(new DefinitionChanges(Image: image, JobRoleArn: role, LogGroup: group)).IsAlready(s_chosen));

    [Fact]
    public void Derive_Shell_SwitchesEcsExecOnUnderAnotherName()
    {
        DefinitionDerivation derivation = For(new DefinitionChanges(Image: "old", AllowsShell: true));

        Assert.False(derivation.IsAlready(s_chosen));
        RegisterJobDefinitionRequest request = derivation.Derive(s_chosen);
        Assert.True(request.ContainerProperties!.EnableExecuteCommand);
        Assert.Equal(s_chosen.ContainerProperties, request.ContainerProperties with { EnableExecuteCommand = null });
        JobDefinition open = s_chosen with { ContainerProperties = request.ContainerProperties };
        Assert.True(derivation.IsAlready(open));
        Assert.True(For(new DefinitionChanges(Image: "new")).Derive(open).ContainerProperties!.EnableExecuteCommand);
        Assert.NotEqual(derivation.Name, For(new DefinitionChanges(Image: "old")).Name);
    }

    [Fact]
    public void Derive_ImageAndLogGroup_ChangesThoseAlone()
    {
        RegisterJobDefinitionRequest request = For(new DefinitionChanges(Image: "new", LogGroup: "/mine")).Derive(s_chosen);

        ContainerProperties container = request.ContainerProperties!;
        Assert.Equal(("new", "role"), (container.Image, container.JobRoleArn));
        Assert.Equal(("/mine", "eu-west-1"),
            (container.LogConfiguration!.Options!["awslogs-group"], container.LogConfiguration.Options["awslogs-region"]));
        Assert.Equal(s_chosen.ContainerProperties!.ResourceRequirements, container.ResourceRequirements);
        Assert.Equal(60, request.Timeout!.AttemptDurationSeconds);
        Assert.Equal(["project=refrag", "refrag:derived-from=d", "team=vision"],
            request.Tags!.Select(t => $"{t.Key}={t.Value}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Derive_SeveralNodes_IsAMultinodeDefinitionOfTheSameContainer()
    {
        RegisterJobDefinitionRequest request = DefinitionDerivation.For(Specs.Command() with { Nodes = 4 }, Target("d"))!.Derive(s_chosen);

        Assert.Equal("multinode", request.Type);
        Assert.Null(request.ContainerProperties);
        Assert.Equal((4, 0), (request.NodeProperties!.NumNodes, request.NodeProperties.MainNode));
        NodeRangeProperty range = Assert.Single(request.NodeProperties.NodeRangeProperties!);
        Assert.Equal(("0:3", "old"), (range.TargetNodes, range.Container!.Image));
    }

    [Fact]
    public void Name_SameChanges_IsTheSame_AndOtherwiseDiffers()
    {
        string name = For(new DefinitionChanges(Image: "a")).Name;

        Assert.Equal(name, For(new DefinitionChanges(Image: "a")).Name);
        Assert.NotEqual(name, For(new DefinitionChanges(Image: "b")).Name);
        Assert.NotEqual(name, For(new DefinitionChanges(Image: "a"), "d:2").Name);
        // An image and a role of the same text are not the same change.
        Assert.NotEqual(name, For(new DefinitionChanges(JobRoleArn: "a")).Name);
    }

    // A name that was registered before these changes were known is found again. (SHA-256 of base, image, roles, log group and nodes)
    [Fact]
    public void Name_WithoutChangesOfTheContainer_IsWhatItAlwaysWas() =>
        Assert.Equal("d-0d8386fde4", For(new DefinitionChanges(Image: "a")).Name);

    [Fact]
    public void Name_OtherChangesOfTheContainer_Differs()
    {
        string[] names =
        [
            .. new ContainerChanges[]
            {
                new() { SharedMemory = new MebiBytes(8) }, new() { SharedMemory = new MebiBytes(9) },
                new() { Ulimits = [Limit("core", 1)] }, new() { Secrets = [new Secret { Name = "A", ValueFrom = "/a" }] },
                new() { Platform = PlatformCapability.Fargate }, new() { Architecture = ContainerChanges.Arm64 }, new() { EfaDevices = 1 },
            }.Select(changes => For(new DefinitionChanges(Container: changes)).Name),
            For(new DefinitionChanges(Image: "a")).Name,
        ];

        Assert.Equal(names.Length, names.Distinct().Count());
        Assert.Equal(names[2], For(new DefinitionChanges(Container: new ContainerChanges { Ulimits = [Limit("core", 1)] })).Name);
    }

    [Fact]
    public void Derive_ChangesOfTheContainer_AreAddedToWhatItSays()
    {
        ContainerProperties old = s_chosen.ContainerProperties! with
        {
            Ulimits = [Limit("nofile", 1), Limit("core", 0)],
            LinuxParameters = new LinuxParameters
            {
                InitProcessEnabled = true,
                Tmpfs = [new Tmpfs { ContainerPath = "/t", Size = 1 }, new Tmpfs { ContainerPath = "/u", Size = 2 }],
            },
            Volumes = [new Volume { Name = "old", Host = new Host() }],
            MountPoints = [new MountPoint { SourceVolume = "old", ContainerPath = "/old" }],
        };
        ContainerChanges changes = new()
        {
            SharedMemory = new MebiBytes(8192),
            Tmpfs = [new Tmpfs { ContainerPath = "/t", Size = 4096 }],
            Ulimits = [Limit("nofile", 65_536), Limit("memlock", -1)],
            Secrets = [new Secret { Name = "TOKEN", ValueFrom = "/app/token" }],
            Volumes = [new Volume { Name = "data", EfsVolumeConfiguration = new EFSVolumeConfiguration { FileSystemId = "fs-1" } }],
            MountPoints = [new MountPoint { SourceVolume = "data", ContainerPath = "/data" }],
            EfaDevices = 2,
        };

        ContainerProperties made = For(new DefinitionChanges(Container: changes))
            .Derive(s_chosen with { ContainerProperties = old }).ContainerProperties!;

        Assert.Equal([("nofile", 65_536), ("core", 0), ("memlock", -1)], made.Ulimits!.Select(one => (one.Name, one.HardLimit)));
        LinuxParameters linux = made.LinuxParameters!;
        Assert.Equal((8192, true), (linux.SharedMemorySize, linux.InitProcessEnabled));
        Assert.Equal([("/t", 4096), ("/u", 2)], linux.Tmpfs!.Select(one => (one.ContainerPath, one.Size)));
        // UG efa: the first device is /dev/infiniband/uverbs0.
        Assert.Equal(["/dev/infiniband/uverbs0", "/dev/infiniband/uverbs1"], linux.Devices!.Select(one => one.HostPath));
        Assert.Equal(["old", "data"], made.Volumes!.Select(one => one.Name));
        Assert.Equal(["/old", "/data"], made.MountPoints!.Select(one => one.ContainerPath));
        Assert.Equal(("TOKEN", "/app/token"), Assert.Single(made.Secrets!) is { } secret ? (secret.Name, secret.ValueFrom) : default);
        Assert.Equal("old", made.Image);
    }

    // Batch refuses a name that is both, and two things at one path.
    [Fact]
    public void Derive_SecretVolumeAndTmpfs_ReplaceWhatIsThere()
    {
        ContainerProperties old = s_chosen.ContainerProperties! with
        {
            Environment = [new() { Name = "TOKEN", Value = "old" }, new() { Name = "KEPT", Value = "1" }],
            LinuxParameters = new LinuxParameters
            {
                Tmpfs = [new Tmpfs { ContainerPath = "/data/", Size = 1 }, new Tmpfs { ContainerPath = "/u", Size = 2 }],
            },
            Volumes = [new Volume { Name = "data", Host = new Host() }, new Volume { Name = "other", Host = new Host() }],
            MountPoints =
            [
                new MountPoint { SourceVolume = "data", ContainerPath = "/elsewhere" },
                new MountPoint { SourceVolume = "other", ContainerPath = "/scratch/" },
                new MountPoint { SourceVolume = "other", ContainerPath = "/other" },
            ],
        };
        ContainerChanges changes = new()
        {
            Tmpfs = [new Tmpfs { ContainerPath = "/scratch", Size = 4096 }],
            Secrets = [new Secret { Name = "TOKEN", ValueFrom = "/app/token" }],
            Volumes = [new Volume { Name = "data", EfsVolumeConfiguration = new EFSVolumeConfiguration { FileSystemId = "fs-1" } }],
            MountPoints = [new MountPoint { SourceVolume = "data", ContainerPath = "/data" }],
        };

        ContainerProperties made = For(new DefinitionChanges(Container: changes))
            .Derive(s_chosen with { ContainerProperties = old }).ContainerProperties!;

        Assert.Equal("KEPT", Assert.Single(made.Environment!).Name);
        Assert.Equal("TOKEN", Assert.Single(made.Secrets!).Name);
        Assert.Equal(["/u", "/scratch"], made.LinuxParameters!.Tmpfs!.Select(one => one.ContainerPath));
        Assert.Equal(["data", "other"], made.Volumes!.Select(one => one.Name));
        Assert.Equal(["/other", "/data"], made.MountPoints!.Select(one => one.ContainerPath));
    }

    // API Volume.host: not applicable to Fargate.
    [Theory]
    [InlineData(PlatformCapability.Ec2, true)]
    [InlineData(PlatformCapability.Fargate, false)]
    public void Derive_EmptyVolume_HasAHostOnEc2Alone(string platform, bool hasHost)
    {
        ContainerChanges changes = new() { Platform = platform, Volumes = [new Volume { Name = "empty", Host = new Host() }] };

        RegisterJobDefinitionRequest request = For(new DefinitionChanges(Container: changes)).Derive(s_chosen);

        Assert.Equal(hasHost, Assert.Single(request.ContainerProperties!.Volumes!).Host is not null);
    }

    [Theory]
    [InlineData(8, true)]
    [InlineData(9, false)]
    public void IsAlready_ChangesOfTheContainer_AreCompared(int sharedMemory, bool already)
    {
        JobDefinition chosen = s_chosen with
        {
            ContainerProperties = s_chosen.ContainerProperties! with
            {
                LinuxParameters = new LinuxParameters { SharedMemorySize = 8, Devices = [] },
                Ulimits = [Limit("nofile", 1), Limit("core", 0)],
            },
        };
        ContainerChanges changes = new() { SharedMemory = new MebiBytes(sharedMemory), Ulimits = [Limit("core", 0)] };

        Assert.Equal(already, For(new DefinitionChanges(Container: changes)).IsAlready(chosen));
    }

    // API RuntimePlatform: of jobs on Fargate.
    [Fact]
    public void IsAlready_ArchitectureOnEc2_IsNotSaidByADefinition()
    {
        ContainerChanges changes = new() { Architecture = ContainerChanges.Arm64 };

        Assert.True(For(new DefinitionChanges(Container: changes)).IsAlready(s_chosen));
    }

    // "vcpus is not applicable for Fargate. Use resource requirements instead" are AWS's words.
    [Fact]
    public void Derive_ForFargate_SaysItInFargatesWords()
    {
        JobDefinition chosen = s_chosen with
        {
            ContainerProperties = new ContainerProperties { Image = "old", ExecutionRoleArn = "role", Vcpus = 1, Memory = 2048 },
        };
        ContainerChanges changes = new()
        {
            Platform = PlatformCapability.Fargate,
            Architecture = ContainerChanges.Arm64,
            EphemeralStorageGiB = 50,
        };

        RegisterJobDefinitionRequest request = For(new DefinitionChanges(Container: changes)).Derive(chosen);

        Assert.Equal(["FARGATE"], request.PlatformCapabilities);
        ContainerProperties made = request.ContainerProperties!;
        Assert.Equal((null, null), (made.Vcpus, made.Memory));
        Assert.Equal([("VCPU", "1"), ("MEMORY", "2048")], made.ResourceRequirements!.Select(one => (one.Type, one.Value)));
        Assert.Equal(("ARM64", 50), (made.RuntimePlatform!.CpuArchitecture, made.EphemeralStorage!.SizeInGiB));
        Assert.Empty(FargateMembers.NotApplicable(made));
    }

    // API ContainerProperties: what jobs on EC2 must not specify.
    [Fact]
    public void Derive_FromFargateForEc2_LeavesBehindWhatIsFargates()
    {
        JobDefinition chosen = s_chosen with
        {
            PlatformCapabilities = [PlatformCapability.Fargate],
            ContainerProperties = s_chosen.ContainerProperties! with
            {
                NetworkConfiguration = new NetworkConfiguration { AssignPublicIp = AssignPublicIp.Enabled },
                FargatePlatformConfiguration = new FargatePlatformConfiguration { PlatformVersion = "LATEST" },
                RuntimePlatform = new RuntimePlatform { CpuArchitecture = ContainerChanges.X64 },
                EphemeralStorage = new EphemeralStorage { SizeInGiB = 50 },
            },
        };

        RegisterJobDefinitionRequest request =
            For(new DefinitionChanges(Container: new ContainerChanges { Platform = PlatformCapability.Ec2 })).Derive(chosen);

        Assert.Equal(["EC2"], request.PlatformCapabilities);
        ContainerProperties made = request.ContainerProperties!;
        Assert.Null(made.NetworkConfiguration);
        Assert.Null(made.FargatePlatformConfiguration);
        Assert.Null(made.RuntimePlatform);
        Assert.Null(made.EphemeralStorage);
    }

    [Fact]
    public void Derive_SeveralNodes_EachHasTheChangesOfTheContainer()
    {
        JobSpec spec = Specs.Command() with
        {
            Nodes = 2,
            Changes = new DefinitionChanges(Container: new ContainerChanges { EfaDevices = 1 }),
        };

        RegisterJobDefinitionRequest request = DefinitionDerivation.For(spec, Target("d"))!.Derive(s_chosen);

        NodeRangeProperty range = Assert.Single(request.NodeProperties!.NodeRangeProperties);
        Assert.Equal("/dev/infiniband/uverbs0", Assert.Single(range.Container!.LinuxParameters!.Devices!).HostPath);
    }

    [Fact]
    public void Equals_ChangesThatSayTheSame_AreEqual()
    {
        ContainerChanges one = new() { Ulimits = [Limit("core", 1)] };

        Assert.Equal(one, new ContainerChanges { Ulimits = [Limit("core", 1)] });
        Assert.NotEqual(one, new ContainerChanges { Ulimits = [Limit("core", 2)] });
        Assert.True(new ContainerChanges().IsEmpty);
        Assert.False(one.IsEmpty);
    }

    [Fact]
    public void Name_LongBase_StaysWithinBatchsLimit() =>
        Assert.Equal(128, For(new DefinitionChanges(Image: "a"), new string('d', 128)).Name.Length);

    private static Target Target(string definition) => new("q", definition, "");

    private static Ulimit Limit(string name, int value) => new() { Name = name, SoftLimit = value, HardLimit = value };

    private static DefinitionDerivation For(DefinitionChanges changes, string definition = "d") =>
        DefinitionDerivation.For(Specs.Command() with { Changes = changes }, Target(definition))!;
}
