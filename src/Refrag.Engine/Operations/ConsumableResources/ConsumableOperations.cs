using Refrag.Aws.Batch;
using Refrag.Engine.Names;
using Refrag.Engine.Resources;
using Refrag.Engine.State;
using Refrag.Engine.Store;

namespace Refrag.Engine.Operations.ConsumableResources;

/// <summary>Create, Update, Delete, DescribeConsumableResource and ListConsumableResources.</summary>
internal static class ConsumableOperations
{
    private const string Kind = "consumable resource";

    public static CreateConsumableResourceResponse Create(EngineState state, CreateConsumableResourceRequest request)
    {
        string name = request.ConsumableResourceName;
        ResourceRules.CheckNew(state.ConsumableResources, Kind, name, BatchLimits.ConsumableResources);
        if (request.TotalQuantity < 0) throw new Refusal("totalQuantity must not be negative.");
        string type = request.ResourceType ?? ConsumableLedger.Replenishable;
        if (type is not (ConsumableLedger.Replenishable or ConsumableLedger.NonReplenishable))
            throw new Refusal($"The resourceType {type} is unknown. Use REPLENISHABLE or NON_REPLENISHABLE.");
        var created = new DescribeConsumableResourceResponse
        {
            ConsumableResourceName = name,
            ConsumableResourceArn = state.Arns.ConsumableResource(name),
            ResourceType = type,
            CreatedAt = state.Now,
            Tags = ResourceRules.Tags(request.Tags),
        };
        state.ConsumableResources.Put(ConsumableLedger.Balance(created, request.TotalQuantity ?? 0, 0));
        return new CreateConsumableResourceResponse
        {
            ConsumableResourceName = name,
            ConsumableResourceArn = created.ConsumableResourceArn,
        };
    }

    public static UpdateConsumableResourceResponse Update(EngineState state, UpdateConsumableResourceRequest request)
    {
        DescribeConsumableResourceResponse before = ResourceRules.Existing(state.ConsumableResources, Kind, request.ConsumableResource);
        string operation = request.Operation ?? "SET";
        if (request.Quantity is not { } quantity || quantity < 0) throw new Refusal("quantity must be given, and must not be negative.");
        // The same request with the same token is done once.
        if (request.ClientToken is { } token
            && !ClientTokens.IsFirst(state, $"UpdateConsumableResource {token}", $"{before.ConsumableResourceName} {operation} {quantity}"))
            return Answer(before);
        long total = before.TotalQuantity ?? 0;
        long after = operation switch
        {
            "SET" => quantity,
            "ADD" => quantity > EngineLimits.ConsumableUnits - total
                ? throw new Refusal($"The total would be more than {EngineLimits.ConsumableUnits} units.")
                : total + quantity,
            "REMOVE" =>
                quantity <= total ? total - quantity : throw new Refusal($"There are {total} in all, and {quantity} cannot be removed."),
            _ => throw new Refusal($"The operation {operation} is unknown. Use SET, ADD or REMOVE."),
        };
        DescribeConsumableResourceResponse updated = ConsumableLedger.Balance(before, after, before.InUseQuantity ?? 0);
        state.ConsumableResources.Put(updated);
        return Answer(updated);
    }

    public static DeleteConsumableResourceResponse Delete(EngineState state, DeleteConsumableResourceRequest request)
    {
        if (state.ConsumableResources.Find(request.ConsumableResource) is { } found) state.ConsumableResources.Remove(found);
        return new DeleteConsumableResourceResponse();
    }

    public static DescribeConsumableResourceResponse Describe(EngineState state, DescribeConsumableResourceRequest request) =>
        ResourceRules.Existing(state.ConsumableResources, Kind, request.ConsumableResource);

    public static ListConsumableResourcesResponse List(EngineState state, ListConsumableResourcesRequest request)
    {
        foreach (KeyValuesPair filter in (request.Filters ?? []).Where(filter => filter.Name != "CONSUMABLE_RESOURCE_NAME"))
            throw new Refusal($"The filter {filter.Name} is unknown. Use CONSUMABLE_RESOURCE_NAME.");
        IReadOnlyList<string>? names = request.Filters is { Count: > 0 } filters
            ? [.. filters.SelectMany(filter => filter.Values ?? [])]
            : null;
        var found =
            state.ConsumableResources.All.Where(one => names?.Any(name => JobMatch.Names(name, one.ConsumableResourceName)) != false);
        var (page, next) =
            Page.Of(found, one => one.ConsumableResourceName, $"ListConsumableResources {string.Join(' ', names ?? [])}", request.NextToken,
                request.MaxResults);
        return new ListConsumableResourcesResponse { ConsumableResources = [.. page.Select(Summary)], NextToken = next };
    }

    private static ConsumableResourceSummary Summary(DescribeConsumableResourceResponse one) => new()
    {
        ConsumableResourceArn = one.ConsumableResourceArn,
        ConsumableResourceName = one.ConsumableResourceName,
        TotalQuantity = one.TotalQuantity,
        InUseQuantity = one.InUseQuantity,
        ResourceType = one.ResourceType,
    };

    private static UpdateConsumableResourceResponse Answer(DescribeConsumableResourceResponse one) => new()
    {
        ConsumableResourceName = one.ConsumableResourceName,
        ConsumableResourceArn = one.ConsumableResourceArn,
        TotalQuantity = one.TotalQuantity,
    };
}
