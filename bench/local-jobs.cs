#!/usr/bin/env dotnet
#:project ../src/Refrag.Engine/Refrag.Engine.csproj
#:property PublishAot=$(Native)
#:property RuntimeIdentifiers=
#:property OptimizationPreference=Speed
#:property RunAnalyzers=false
#:property RestorePackagesWithLockFile=false
// local-jobs JOBS [PROGRAM [STATE]]: runs an array of jobs with the process runner, two at a time, and prints the seconds from the
// submission to the last job's end. With a folder for its state the jobs outlive the engine. See local-jobs.sh.
using System.Diagnostics;
using System.Globalization;
using Refrag;
using Refrag.Aws.Batch;
using Refrag.Engine;
using Refrag.Engine.Options;

int jobs = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 10_000;
string program = args.Length > 1 ? args[1] : "/bin/true";
string? state = args.Length > 2 ? args[2] : null;
await using var batch =
    new LocalBatch(
        new LocalBatchOptions
        {
            VCpus = new VCpus(2),
            Memory = new MebiBytes(8192),
            GpuIds = [],
            WorkingDirectory = "/",
            StateDirectory = state,
        });
long start = Stopwatch.GetTimestamp();
SubmitJobResponse submitted = await batch.SendAsync(
    BatchOperations.SubmitJob,
    new SubmitJobRequest
    {
        JobName = "bench",
        JobQueue = "refrag-cpu-job-queue",
        JobDefinition = "refrag-cpu-job-def",
        ArrayProperties = new ArrayProperties { Size = jobs },
        ContainerOverrides = new ContainerOverrides
        {
            Command = [program],
            ResourceRequirements = [new ResourceRequirement { Type = "VCPU", Value = "1" },
                new ResourceRequirement { Type = "MEMORY", Value = "4" }],
        },
    },
    CancellationToken.None);
JobDetail? last = null;
await foreach (JobDetail detail in batch.WatchAsync(submitted.JobId)) last = detail;
if (last?.Status != JobStatus.Succeeded) throw new InvalidOperationException($"The array ended as {last?.Status}.");
Console.WriteLine(Stopwatch.GetElapsedTime(start).TotalSeconds.ToString("0.00", CultureInfo.InvariantCulture));
