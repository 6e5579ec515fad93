namespace Refrag.Aws.Batch;

/// <summary>What every operation of <see cref="BatchOperations"/> shares.</summary>
internal static class BatchService
{
    public static AwsServiceModel Model { get; } =
        new(AwsService.Batch, BatchJson.Options, static (operation, error) => new BatchException(operation, error))
        {
            Writer = BatchJson.Writer,
        };
}
