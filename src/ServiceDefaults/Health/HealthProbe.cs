using System.Net;
using System.Net.Security;

namespace OpenAIProxy.ServiceDefaults.Health;

/// <summary>
/// <c>dotnet SERVICE.dll --health http://127.0.0.1:8000/health/ready</c> asks a running service how it is and exits with 0 or 1: container
/// engines ask by a command, and the images have no shell and no curl.
/// </summary>
internal static class HealthProbe
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(3);

    /// <summary>The address to ask, if the command line is one of this kind; else null.</summary>
    public static Uri? Address(string[] args)
        => args is ["--health", var text] && Uri.TryCreate(text, UriKind.Absolute, out var address) ? address : null;

    /// <summary>Asks. Returns the exit code.</summary>
    /// <param name="address">What to ask.</param>
    /// <param name="isOwn">True if the address is known to be this machine's, even if it is not a loopback address.</param>
    public static int Run(Uri address, bool isOwn = false)
    {
        using var client = new HttpClient(CreateHandler(isOwn || address.IsLoopback)) { Timeout = Limit };
        try
        {
            // A listener for HTTP/2 with prior knowledge answers HTTP/1.1 with 400.
            var (status, text) = Ask(client, address, HttpVersion.Version11) is var first && first.Status is not HttpStatusCode.BadRequest
                ? first
                : Ask(client, address, HttpVersion.Version20);
            Console.WriteLine($"{(int)status} {text}");
            return (int)status is >= 200 and < 300 ? 0 : 1;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            Console.Error.WriteLine(e.Message);
            return 1;
        }
    }

    private static SocketsHttpHandler CreateHandler(bool isOwn) => new()
    {
        UseProxy = false,
        SslOptions =
        {
            // A service's own certificate names its domain, not this machine. The question holds no secret, and doesn't leave the machine.
            RemoteCertificateValidationCallback = (_, _, _, errors) => errors == SslPolicyErrors.None || isOwn,
        },
    };

    private static (HttpStatusCode Status, string Text) Ask(HttpClient client, Uri address, Version version)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address) { Version = version, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        // Only SendAsync speaks HTTP/2.
        using var response = client.SendAsync(request).GetAwaiter().GetResult();
        return (response.StatusCode, response.Content.ReadAsStringAsync().GetAwaiter().GetResult());
    }
}
