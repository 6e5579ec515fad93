using System.Text.Json;
using System.Text.Json.Nodes;
using Refrag.Aws.Batch;
using Refrag.Aws.Ec2;

namespace Refrag.Tests.Diagnosis;

/// <summary>Differences from a healthy account, as the files describe them; broken.yaml explains the members.</summary>
internal static class SetupAccount
{
    private static readonly Dictionary<string, Action<FakeAccount, JsonNode>> s_members = new(StringComparer.Ordinal)
    {
        ["queues"] = static (account, changes) => Change(account.Queues, changes, queue => queue.JobQueueName, Queue),
        ["environments"] = static (account, changes) => Change(account.Environments, changes,
            environment => environment.ComputeEnvironmentName,
            (name, environment, change) => MergePatch.Apply(environment ?? FakeAccount.EnvOf(name, []), change)),
        ["definitions"] = static (account, changes) => Change(account.Definitions, changes, definition => definition.JobDefinitionName,
            (name, definition, change) => MergePatch.Apply(definition ?? FakeAccount.Definition(name, 2, 3000, 0), change)),
        ["jobs"] = static (account, jobs) =>
            account.Jobs.AddRange(jobs.AsObject().Select(job => SetupJobs.Read(job.Value!.AsObject(), job.Key))),
        ["policies"] = static (account, policies) => account.Policies.AddRange(Items<SchedulingPolicyDetail>(policies)),
        ["snapshot"] = static (account, snapshot) =>
            account.Snapshot = snapshot.Deserialize<GetJobQueueSnapshotResponse>(BatchJson.Options),
        ["consumables"] = static (account, amounts) => Set(account.Consumables, amounts, amount => (long)amount),
        ["quotas"] = static (account, values) => Set(account.Quotas, values, value => (double)value),
        ["roles"] = static (account, services) => Set(account.Roles, services, service => FakeAccount.Trust((string)service!)),
        ["profiles"] = static (account, roles) => Set(account.Profiles, roles, role => (string)role!),
        ["images"] = static (account, images) =>
        {
            foreach ((string tag, JsonNode? architectures) in images.AsObject())
            {
                if (architectures is JsonArray several) account.AddIndex(tag, [.. several.Select(one => (string)one!)]);
                else account.AddSingle(tag, (string)architectures!);
            }
        },
        ["routes"] = static (account, routes) =>
        {
            account.Routes.Clear();
            account.Routes.AddRange(routes.AsArray().Select(route => new RouteInfo(
                (string)route!["destination"]!, (string)route["target"]!, (bool?)route["isBlackhole"] ?? false)));
        },
        ["endpoints"] = static (account, services) => account.Endpoints.AddRange(services.AsArray().Select(one => (string)one!)),
    };

    public static void Apply(JsonObject differences, FakeAccount account)
    {
        foreach ((string member, JsonNode? value) in differences)
        {
            if (!s_members.TryGetValue(member, out Action<FakeAccount, JsonNode>? apply))
                throw new InvalidDataException(
                    $"The account has the unknown member '{member}'; known are {string.Join(", ", s_members.Keys)}.");
            apply(account, value!);
        }
    }

    // `environments` is short for the order in which the queue uses them.
    private static JobQueueDetail Queue(string name, JobQueueDetail? queue, JsonObject change)
    {
        var rest = (JsonObject)change.DeepClone();
        JobQueueDetail changed = queue ?? FakeAccount.QueueOf(name);
        if (rest.Remove("environments", out JsonNode? environments) && environments is JsonArray names)
        {
            string[] order = [.. names.Select(one => (string)one!)];
            changed = changed with { ComputeEnvironmentOrder = FakeAccount.QueueOf(name, order).ComputeEnvironmentOrder };
        }
        return MergePatch.Apply(changed, rest);
    }

    private static void Change<T>(List<T> all, JsonNode changes, Func<T, string> nameOf, Func<string, T?, JsonObject, T> change)
        where T : class
    {
        foreach ((string name, JsonNode? members) in changes.AsObject())
        {
            int index = all.FindIndex(one => nameOf(one) == name);
            if (members is null) all.RemoveAt(index);
            else if (index < 0) all.Add(change(name, null, members.AsObject()));
            else all[index] = change(name, all[index], members.AsObject());
        }
    }

    private static void Set<T>(Dictionary<string, T> all, JsonNode values, Func<JsonNode, T> read)
    {
        foreach ((string name, JsonNode? value) in values.AsObject())
        {
            if (value is null) all.Remove(name);
            else all[name] = read(value);
        }
    }

    private static IEnumerable<T> Items<T>(JsonNode list) => list.AsArray().Select(item => item.Deserialize<T>(BatchJson.Options)!);
}
