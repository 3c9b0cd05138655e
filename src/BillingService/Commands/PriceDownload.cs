using System.Net;
using OpenAIProxy.Pricing;

namespace OpenAIProxy.BillingService.Commands;

/// <summary>Reads a price file from wherever it is.</summary>
internal static class PriceDownload
{
    private const int MostRedirects = 10;

    /// <summary>How long a download may take, redirects and all.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(60);

    /// <summary>The bytes of a file, or of what an address answers.</summary>
    /// <exception cref="DownloadException">They can't be had.</exception>
    public static async Task<byte[]> ReadAsync(string source, IWebProxy? proxy, TimeSpan patience, CancellationToken cancellationToken)
    {
        if (Address(source) is { } address)
        {
            return await DownloadAsync(address, proxy, patience, cancellationToken);
        }

        try
        {
            return new FileInfo(source) is { Exists: true, Length: > PriceBook.LargestFile }
                ? throw TooLarge(source) : await File.ReadAllBytesAsync(source, cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            throw new DownloadException($"{source} can't be read: {e.Message}");
        }
    }

    /// <summary>What may be shown of <paramref name="source"/>: an address may have a password or a token in it.</summary>
    public static string Shown(string source) => Address(source) is { } address ? Shown(address) : source;

    private static string Shown(Uri address) => address.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);

    private static async Task<byte[]> DownloadAsync(Uri address, IWebProxy? proxy, TimeSpan patience, CancellationToken cancellationToken)
    {
        var shown = Shown(address);
        using var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.All,
            UseCookies = false,
            UseProxy = proxy is not null,
            Proxy = proxy,
        };
        using var client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan, MaxResponseContentBufferSize = PriceBook.LargestFile };
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(patience);
        try
        {
            using var answer = await FollowAsync(client, address, limit.Token);
            return answer.StatusCode == HttpStatusCode.OK
                ? await answer.Content.ReadAsByteArrayAsync(limit.Token)
                : throw new DownloadException($"{shown} answered with status {(int)answer.StatusCode}.");
        }
        catch (HttpRequestException e) when (e.HttpRequestError == HttpRequestError.ConfigurationLimitExceeded)
        {
            throw TooLarge(shown);
        }
        catch (HttpRequestException e)
        {
            throw new DownloadException($"{shown} can't be read: {e.Message}");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new DownloadException($"{shown} did not answer within {patience.TotalSeconds} s.");
        }
    }

    // By itself: the handler would go on to any http address from one of this machine.
    private static async Task<HttpResponseMessage> FollowAsync(HttpClient client, Uri address, CancellationToken cancellationToken)
    {
        for (var redirects = 0; ; redirects++)
        {
            // Whoever can change prices on their way, or where they are, changes what people are billed.
            if (address.Scheme != Uri.UriSchemeHttps && !address.IsLoopback)
            {
                throw new DownloadException($"{Shown(address)} is not read: prices from another machine must come by https.");
            }

            var answer = await client.GetAsync(address, cancellationToken);
            if (redirects == MostRedirects || Target(address, answer) is not { } target)
            {
                return answer;
            }

            answer.Dispose();
            address = target;
        }
    }

    // None from https to http, not even of this machine.
    private static Uri? Target(Uri address, HttpResponseMessage answer)
        => (int)answer.StatusCode is 301 or 302 or 303 or 307 or 308 && answer.Headers.Location is { } location
            && Address(new Uri(address, location).AbsoluteUri) is { } target && (target.Scheme == Uri.UriSchemeHttps || address.Scheme != Uri.UriSchemeHttps)
            ? target
            : null;

    private static Uri? Address(string source)
        => Uri.TryCreate(source, UriKind.Absolute, out var address)
            && (address.Scheme == Uri.UriSchemeHttps || address.Scheme == Uri.UriSchemeHttp) ? address : null;

    private static DownloadException TooLarge(string source) => new($"{source} has more than {PriceBook.LargestFile} bytes; no price file has.");
}
