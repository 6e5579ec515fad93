namespace Refrag.Aws.Logs;

/// <summary>What every operation of <see cref="LogsOperations"/> shares.</summary>
internal static class LogsService
{
    public static AwsServiceModel Model { get; } =
        new(AwsService.Logs, LogsJson.Options, static (operation, error) => new LogsException(operation, error));
}
