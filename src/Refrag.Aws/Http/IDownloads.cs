namespace Refrag.Aws;

/// <summary>Fetches what an AWS service hands out as a signed URL. Sends no credentials.</summary>
public interface IDownloads
{
    /// <summary>
    /// The content behind a URL. Fails with <see cref="HttpRequestException"/> where it cannot be had, <see cref="InvalidDataException"/>
    /// where it is larger than allowed or the URL is neither https nor of this machine, and <see cref="TimeoutException"/> where it takes
    /// longer than 20 seconds.
    /// </summary>
    /// <param name="url">The URL.</param>
    /// <param name="most">The most bytes to read.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    Task<byte[]> DownloadAsync(Uri url, int most, CancellationToken cancellationToken);
}
