using System.Globalization;
using System.Text;
using Refrag.Cli.Context;
using Refrag.Engine;

namespace Refrag.Cli.Commands.Serve;

/// <summary><c>refrag serve --export FILE</c> and <c>--import FILE</c>: a state as JSON lines.</summary>
internal sealed class StateMove(CliContext context, string state, string account, string region)
{
    private const string Standard = "-";
    private static readonly UTF8Encoding s_utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>Moves the state; 0, or <see cref="ExitCodes.Usage"/> where that is not possible.</summary>
    public async Task<int> RunAsync(string? export, string? import, CancellationToken cancellationToken)
    {
        // The first signal ends it in order: no half of an export is left behind.
        context.Signals.Listen();
        Result<long> moved = (export, import) switch
        {
            ({ } file, null) => await ExportAsync(file, cancellationToken),
            (null, { } file) => await ImportAsync(file, cancellationToken),
            _ => new Problem
            {
                Code = "RF5118",
                What = "--export and --import are both given",
                Cure = "Export first, then import into another folder.",
            },
        };
        if (!moved.TryGet(out long lines, out IReadOnlyList<Problem> problems))
            return context.Refuse(problems);
        context.Terminal.Note(
            string.Create(
                CultureInfo.InvariantCulture, $"{lines:N0} lines, {(export is null ? $"read into {state}" : $"written from {state}")}."));
        return ExitCodes.Success;
    }

    private async Task<Result<long>> ExportAsync(string file, CancellationToken cancellationToken)
    {
        if (file == Standard)
        {
            await using var output = new StreamWriter(Console.OpenStandardOutput(), s_utf8);
            return await StateTransfer.ExportAsync(state, output, context.Time, cancellationToken);
        }
        string path = Path.GetFullPath(file, context.WorkingDirectory);
        string unfinished = path + ".part";
        try
        {
            Result<long> written = await WriteAsync(unfinished, cancellationToken);
            // A file of the wanted name is a whole export.
            if (written.IsSuccess) File.Move(unfinished, path, overwrite: true);
            return written;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new Problem
            {
                Code = "RF5116",
                What = $"The export {path} cannot be written",
                Cause = e.Message,
                Cure = "Name another file.",
            };
        }
        finally
        {
            if (File.Exists(unfinished)) File.Delete(unfinished);
        }
    }

    private async Task<Result<long>> WriteAsync(string path, CancellationToken cancellationToken)
    {
        await using var output = new StreamWriter(PrivateFiles.Open(path, FileMode.Create, FileAccess.Write), s_utf8);
        return await StateTransfer.ExportAsync(state, output, context.Time, cancellationToken);
    }

    private async Task<Result<long>> ImportAsync(string file, CancellationToken cancellationToken)
    {
        string path = Path.GetFullPath(file, context.WorkingDirectory);
        try
        {
            using StreamReader input = file == Standard
                ? new StreamReader(Console.OpenStandardInput(), s_utf8)
                : new StreamReader(path, s_utf8);
            return await StateTransfer.ImportAsync(state, input, context.Time, account, region, cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new Problem
            {
                Code = "RF5117",
                What = $"The export {path} cannot be read",
                Cause = e.Message,
                Cure = "Name a file that `refrag serve --export` has written.",
            };
        }
    }
}
