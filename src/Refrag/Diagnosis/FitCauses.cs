using System.Globalization;
using Refrag.Aws.Batch;
using Refrag.Monitoring;
using Refrag.Scheduling;
using Refrag.Scheduling.Catalogue;
using Refrag.Scheduling.Fitting;

namespace Refrag.Diagnosis;

/// <summary>
/// The job's needs against every type of every environment: usable memory, not installed; the maximum of vCPUs; GPUs; architecture; nodes.
/// </summary>
internal static class FitCauses
{
    public static IEnumerable<Cause> Find(Situation s)
    {
        QueueEnvironment[] known = [.. s.Environments.Where(e => e.Detail is not null)];
        if (known.Length == 0 || known.Any(e => CanHost(s, e))) return [];
        // One cause for the queue: that of the environment which comes nearest, for it is the one to change. The queue can do what one of
        // its environments can, so the least certain of their causes decides how sure it is.
        Cause[] causes = [.. known.Select(e => Of(s, e)).OfType<Cause>()];
        if (causes.Length == 0) return [];
        Confidence least = causes.Min(c => c.Confidence);
        QueueEnvironment[] open = [.. known.Where(e => Of(s, e)?.Confidence == least)];
        Cause best = causes.FirstOrDefault(c => c.Confidence == least && c.Code is "max-vcpus" or "nodes-on-spot")
            ?? Nearest(s, open) ?? causes.First(c => c.Confidence == least);
        return [best with { Evidence = [.. causes.SelectMany(c => c.Evidence).DistinctBy(e => e.Text)] }];
    }

    // Of the environment that has the type which lacks least.
    private static Cause? Nearest(Situation s, QueueEnvironment[] environments)
    {
        Dictionary<string, QueueEnvironment> owners = new(StringComparer.Ordinal);
        List<InstanceType> types = [];
        foreach (QueueEnvironment environment in environments)
        {
            if (environment.Detail?.ComputeResources is { } resources && Known(s, resources, out IReadOnlyList<InstanceType> own))
                types.AddRange(own.Where(type => owners.TryAdd(type.Name, environment)));
        }
        return Fit.Check(s.Needs, types, s.Catalogue, s.Prices).Misses is [{ } nearest, ..] ? Of(s, owners[nearest.Type.Name]) : null;
    }

    /// <summary>A job without GPUs on a queue that has nothing else: it runs, and pays for what it does not use.</summary>
    public static IEnumerable<Cause> Wasteful(Situation s)
    {
        if (s.Needs.Amount is not { MilliVCpus: > 0, Gpus: 0 } || s.OtherQueues?.Cpu is not { } cpu || cpu == s.QueueName) yield break;
        InstanceType[] hosts = [.. s.Working
            .Select(e => e.Detail?.ComputeResources)
            .OfType<ComputeResource>().SelectMany(r => AccountCauses.Hosts(r, s)).DistinctBy(t => t.Name)];
        if (hosts.Length == 0 || hosts.Any(h => h.Gpus == 0) || AccountCauses.HasUnknownTypes(s)) yield break;
        yield return new Cause("cpu-job-on-gpu-queue",
            $"It asks for no GPU, and every instance type of queue {s.QueueName} that can host it has one: it would pay for what it "
                + "does not use, and take a place from GPU jobs", Confidence.Possible,
            [Evidence.Needs(s.Needs), $"types: {string.Join(", ", hosts.Select(h => h.Name))}"],
            [new Cure("Use the CPU queue", $"env.job_queue={cpu}"), new Cure("Ask for a GPU, if it is to have one", "env.gpus=1")]);
    }

    /// <summary>
    /// More shared memory than memory: what is written to <c>/dev/shm</c> counts as the container's memory, so that the job is killed
    /// before it is full. (Linux: pages of a tmpfs are charged to the control group that writes them)
    /// </summary>
    public static IEnumerable<Cause> SharedMemory(Situation s)
    {
        LinuxParameters? linux = s.Job?.Container?.LinuxParameters ?? s.Definition?.ContainerProperties?.LinuxParameters;
        int memory = s.Needs.Amount.MemoryMiB;
        if (linux?.SharedMemorySize is not { } shared || memory == 0 || shared <= memory) yield break;
        string asked = string.Create(CultureInfo.InvariantCulture, $"{shared} MiB of shared memory and {memory} MiB of memory");
        yield return new Cause("shared-memory-above-memory",
            $"It asks for {asked}: shared memory counts as memory, so it is killed before the former is full",
            Confidence.Possible, [Evidence.Needs(s.Needs)],
            [
                new Cure("Ask for more memory", string.Create(CultureInfo.InvariantCulture, $"env.memory={(long)shared + memory}")),
                new Cure("Ask for less shared memory", string.Create(CultureInfo.InvariantCulture, $"env.shared_memory={memory / 2}MiB")),
            ]);
    }

    /// <summary>
    /// A GPU job whose environments all start a machine image without NVIDIA's driver: their instances offer no GPUs.
    /// (API Ec2Configuration: imageType, without an image of one's own)
    /// </summary>
    public static IEnumerable<Cause> WithoutGpuImage(Situation s)
    {
        if (s.Needs.Amount.Gpus == 0) yield break;
        QueueEnvironment[] working = [.. s.Working];
        if (working.Length == 0) yield break;
        if (working.All(e => GpuImages.IsTooNewFor(e.Detail?.ComputeResources)))
        {
            yield return new Cause("gpu-image",
                "It asks for a GPU, and the machine image that Batch chooses does not know the instance types", Confidence.Likely,
                [.. working.Select(
                    e => $"{e.Name}: types {string.Join(", ", e.Detail!.ComputeResources!.InstanceTypes!)}, no image of its own")],
                [new Cure("Let ec2Configuration name ECS_AL2_NVIDIA, or use newer types", "refrag envs")]);
        }
        if (!working.All(HasNoGpuImage)) yield break;
        yield return new Cause("gpu-image", "It asks for a GPU, and the machine image of its environments is one without NVIDIA's driver",
            Confidence.Likely,
            [.. working.Select(
                e => $"{e.Name}: ec2Configuration {string.Join(", ", Images(e).Select(i => i.ImageType))}")],
            [new Cure("Let ec2Configuration name ECS_AL2023_NVIDIA, or leave it out: Batch then chooses by the instance type",
                "refrag envs")]);
    }

    private static IReadOnlyList<Ec2Configuration> Images(QueueEnvironment environment) =>
        environment.Detail?.ComputeResources?.Ec2Configuration ?? [];

    private static bool HasNoGpuImage(QueueEnvironment environment) =>
        environment.Detail?.ComputeResources?.ImageId is null && Images(environment) is { Count: > 0 } images
        && images.All(i => i.ImageIdOverride is null && i.ImageType.StartsWith("ECS_", StringComparison.Ordinal)
            && !i.ImageType.Contains("NVIDIA", StringComparison.Ordinal));

    /// <summary>Whether an environment, were it in order, could ever host the job.</summary>
    public static bool CanHost(Situation s, QueueEnvironment environment) =>
        environment.Detail?.ComputeResources is null || Of(s, environment) is null;

    private static Cause? Of(Situation s, QueueEnvironment environment)
    {
        ComputeResource resources = environment.Detail!.ComputeResources!;
        if (resources.Type is CRType.Fargate or CRType.FargateSpot) return Fargate(s, environment.Name);
        if (s.Needs.Nodes > 1 && resources.Type == CRType.Spot)
        {
            return new Cause("nodes-on-spot", $"A multi-node job does not run on Spot, and {environment.Name} is a Spot environment",
                Confidence.Certain, [Evidence.Of(FactSource.ComputeEnvironment, environment.Name, "type", CRType.Spot,
                    $"{environment.Name}: type SPOT; {s.Needs.Nodes} nodes")],
                [new Cure("Name a queue with an on-demand environment", "env.job_queue=NAME")
                {
                    Assumed =
                        c => EnvironmentChanges.With(
                            c, environment.Name, environment.Detail with { ComputeResources = resources with { Type = CRType.Ec2 } }),
                }, OneNode(s)]);
        }
        if (!Known(s, resources, out IReadOnlyList<InstanceType> types)) return null;
        Fit fit = Fit.Check(s.Needs, types, s.Catalogue, s.Prices);
        if (!fit.Fits) return Unfit(s, environment, fit);
        return TooFewVCpus(s, environment, fit);
    }

    // A definition of nodes remains one, whatever their number.
    private static Cure OneNode(Situation s) => s.Definition?.NodeProperties is not null
        ? new Cure("Name a definition of one container", "env.job_definition_name=NAME")
        : new Cure("Run it on one node", "env.nodes=1") { Changed = c => c with { Needs = c.Needs with { Nodes = 1 } } };

    // A type that the catalogue does not know may host anything: that is no cause.
    private static bool Known(Situation s, ComputeResource resources, out IReadOnlyList<InstanceType> types)
    {
        List<InstanceType> found = [];
        foreach (string name in resources.InstanceTypes ?? [])
        {
            if (s.Catalogue.Resolve([name]).TryGet(out IReadOnlyList<InstanceType>? some, out _)) found.AddRange(some);
            else
            {
                types = [];
                return false;
            }
        }
        types = [.. found.DistinctBy(t => t.Name)];
        return types.Count > 0;
    }

    private static Cause Unfit(Situation s, QueueEnvironment environment, Fit fit)
    {
        Amount needs = s.Needs.Amount;
        TypeFit nearest = fit.Misses[0];
        List<Evidence> evidence =
        [
            Evidence.Needs(s.Needs),
            .. fit.Misses.Take(3).Select(m => Evidence.Lacks(environment.Name, m)),
        ];
        List<Cure> cures = [.. fit.Changes.Select(c => CureOf(c, environment, s))];
        bool anyGpu = fit.Misses.Any(m => m.Type.Gpus > 0);
        if (needs.Gpus > 0 && !anyGpu)
        {
            string? gpu = s.OtherQueues?.Gpu is { } other && other != s.QueueName ? other : null;
            return new Cause("gpu-job-on-cpu-queue",
                $"It asks for {needs.Gpus} {(needs.Gpus == 1 ? "GPU" : "GPUs")}, and queue {s.QueueName} has no instance type with one",
                Confidence.Certain, evidence,
                [new Cure("Use the GPU queue", gpu is null ? "env.job_queue=''" : $"env.job_queue={gpu}"), .. cures]);
        }
        if (nearest.Shortfalls.Any(f => f.Dimension == Dimension.Architecture))
        {
            return new Cause("wrong-architecture",
                $"Its image is for {s.Needs.Architecture}, and no instance type of {environment.Name} is", Confidence.Certain, evidence,
                [new Cure("Build the image for both", "docker buildx build --platform linux/amd64,linux/arm64 …"), .. cures]);
        }
        (string code, string what) = nearest.Shortfalls[0].Dimension switch
        {
            Dimension.Gpus =>
                ("too-many-gpus",
                    string.Create(CultureInfo.InvariantCulture,
                        $"No instance type of {environment.Name} has {needs.Gpus} GPUs or more (most: "
                            + $"{fit.Misses.Max(m => m.Type.Gpus)})")),
            Dimension.Memory =>
                ("too-much-memory",
                    string.Create(CultureInfo.InvariantCulture,
                        $"No instance type of {environment.Name} has {needs.MemoryMiB} MiB for jobs (nearest: {nearest.Type.Name}, "
                            + $"{nearest.Type.Usable.MemoryMiB} of {nearest.Type.InstalledMiB} installed)")),
            _ => ("too-many-vcpus",
                string.Create(CultureInfo.InvariantCulture,
                    $"No instance type of {environment.Name} has {needs.VCpus} vCPUs (most: {fit.Misses.Max(m => m.Type.VCpus)})")),
        };
        if (fit.Misses.Any(m => Suffices(m, nearest.Shortfalls[0].Dimension))) what = NotTogether(environment.Name, needs);
        return new Cause(code, what, fit.Misses.Any(MayBeMore) ? Confidence.Likely : Confidence.Certain, evidence, cures);
    }

    // Whether a type lacks something else.
    private static bool Suffices(TypeFit miss, Dimension dimension) =>
        miss.Shortfalls.All(f => f.Dimension != dimension && f.Dimension != Dimension.Architecture);

    private static string NotTogether(string environment, Amount needs)
    {
        string gpus = needs.Gpus switch { 0 => "", 1 => " and 1 GPU", _ => $" and {needs.Gpus} GPUs" };
        return string.Create(CultureInfo.InvariantCulture,
            $"No instance type of {environment} has {needs.VCpus} vCPUs together with {needs.MemoryMiB} MiB for jobs{gpus}");
    }

    // What is below the installed memory less the agent's part is above AWS's formula, which is documented for one size only.
    private static bool MayBeMore(TypeFit miss) =>
        miss.Shortfalls.All(f => f.Dimension == Dimension.Memory && f.Needed <= miss.Type.InstalledMiB - UsableMemory.AgentMiB);

    private static Cure CureOf(Change change, QueueEnvironment environment, Situation s) => change switch
    {
        LowerRequest lower => new Cure($"{char.ToUpperInvariant(lower.Text[0])}{lower.Text[1..]}",
            string.Create(CultureInfo.InvariantCulture,
                $"env.vcpus={lower.To.VCpus} env.memory={lower.To.MemoryMiB}{(lower.To.Gpus > 0 ? $" env.gpus={lower.To.Gpus}" : "")}"))
        {
            Changed = c => c with { Needs = c.Needs with { Amount = lower.To } },
        },
        AddType add => EnvironmentChanges.AddType(s, environment, add.Type.Name),
        _ => new Cure(change.Text),
    };

    // "Except for BEST_FIT on demand": the smallest instance that hosts the job must be within the maximum. (API ComputeResource maxvCpus)
    private static bool NeverExceeds(ComputeResource resources) =>
        resources is { Type: CRType.Ec2, AllocationStrategy: null or CRAllocationStrategy.BestFit };

    // The maximum may be exceeded by one instance at most, so what counts is the job's vCPUs, not the instance's. (UG compute environments)
    private static Cause? TooFewVCpus(Situation s, QueueEnvironment environment, Fit fit)
    {
        ComputeResource resources = environment.Detail!.ComputeResources!;
        int smallest = fit.Hosts.Min(h => h.Type.VCpus);
        int needed = s.Needs.Nodes > 1 ? smallest * s.Needs.Nodes
            : NeverExceeds(resources) ? smallest
            : (s.Needs.Amount.MilliVCpus + 999) / 1000;
        if (resources.MaxvCpus is not { } most || most == 0 || needed <= most) return null;
        return TooFew(s, environment, most, needed);
    }

    private static Cause TooFew(Situation s, QueueEnvironment environment, int most, int needed) => new("max-vcpus",
        string.Create(CultureInfo.InvariantCulture, $"It needs {needed} vCPUs at once, and {environment.Name} may have {most}"),
        Confidence.Certain,
        [Evidence.Of(FactSource.ComputeEnvironment, environment.Name, "maxvCpus", most,
            string.Create(CultureInfo.InvariantCulture, $"{environment.Name}: maxvCpus {most}; needs {s.Needs}"))],
        [EnvironmentChanges.Raise("Raise its maximum", environment.Name, environment.Detail!, needed)]);

    private static Cause? Fargate(Situation s, string name)
    {
        Amount needs = s.Needs.Amount;
        if (needs.Gpus > 0)
        {
            return new Cause("gpu-on-fargate", $"It asks for GPUs, and Fargate ({name}) has none", Confidence.Certain,
                [Evidence.Needs(s.Needs)],
                [new Cure("Use the GPU queue", $"env.job_queue={s.OtherQueues?.Gpu ?? "''"}"),
                    new Cure("Ask for none", "env.gpus=0")]);
        }
        if (s.Needs.Nodes > 1)
            return new Cause("nodes-on-fargate", $"A multi-node job does not run on Fargate ({name})", Confidence.Certain,
                [Evidence.Needs(s.Needs)],
                [OneNode(s)]);
        if (needs == default || FargateSizes.Accepts(needs)) return null;
        Cure[] cures = FargateSizes.RoundUp(needs) is { } up
            ? [new Cure($"Ask for {up}", string.Create(CultureInfo.InvariantCulture, $"env.vcpus={up.VCpus} env.memory={up.MemoryMiB}"))
            {
                Changed = c => c with { Needs = c.Needs with { Amount = up } },
            }]
            : [];
        return new Cause("fargate-size", $"Fargate ({name}) runs no job of {needs}: it takes fixed pairs of vCPUs and memory",
            Confidence.Certain, [Evidence.Needs(s.Needs)], cures);
    }
}
