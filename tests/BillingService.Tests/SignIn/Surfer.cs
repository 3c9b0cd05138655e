using System.Net;

namespace OpenAIProxy.BillingService.Tests.SignIn;

/// <summary>A browser as far as signing in needs one: it keeps cookies, by their paths, and follows one redirect at a time.</summary>
/// <param name="home">Where the page is, without <c>/usage</c>.</param>
/// <param name="headers">What a proxy in front adds to each request to the page.</param>
public sealed class Surfer(Uri home, params (string Name, string Value)[] headers) : IDisposable
{
    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false, UseCookies = false, AllowAutoRedirect = false })
    {
        Timeout = HangGuard.Limit,
    };

    /// <summary>The cookies that came from the page: value by name.</summary>
    public Dictionary<string, string> Cookies { get; } = [];

    /// <summary>All that was said about cookies.</summary>
    public List<string> SetCookies { get; } = [];

    /// <summary>Goes the whole way: to the provider, and back with what it says. Returns the page that then comes.</summary>
    public async Task<Answer> SignInAsync() => await SendAsync(HttpMethod.Get, await ReturnAddressAsync());

    /// <summary>Tries the same. True if somebody is signed in then.</summary>
    public async Task<bool> TrySignInAsync()
        => (await SendAsync(HttpMethod.Get, "/usage/sign-in/oidc")).Status == HttpStatusCode.Redirect && (await SignInAsync()).Status == HttpStatusCode.OK;

    /// <summary>Goes to the provider. Returns the address that it sends back to, under the page's address as this test reaches it.</summary>
    public async Task<string> ReturnAddressAsync(string begin = "/usage/sign-in/oidc")
    {
        var there = await SendAsync(HttpMethod.Get, begin);
        Assert.Equal(HttpStatusCode.Redirect, there.Status);
        using var back = await _client.GetAsync(there.Headers["Location"]).Guarded();
        Assert.Equal(HttpStatusCode.Redirect, back.StatusCode);
        return back.Headers.Location!.PathAndQuery;
    }

    /// <summary>Asks the page's site for something.</summary>
    public async Task<Answer> SendAsync(HttpMethod method, string target, HttpContent? content = null, params (string Name, string Value)[] more)
    {
        using var request = new HttpRequestMessage(method, new Uri(home, target)) { Content = content };
        foreach (var (name, value) in (IEnumerable<(string, string)>)[.. headers, .. more])
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        if (Cookies.Count > 0)
        {
            request.Headers.TryAddWithoutValidation("Cookie", string.Join("; ", Cookies.Select(cookie => $"{cookie.Key}={cookie.Value}")));
        }

        using var response = await _client.SendAsync(request).Guarded();
        Keep(response);
        var all = response.Headers.Concat(response.Content.Headers).ToDictionary(h => h.Key, h => string.Join(", ", h.Value), StringComparer.OrdinalIgnoreCase);
        return new Answer(response.StatusCode, all, await response.Content.ReadAsByteArrayAsync());
    }

    /// <summary>The page, or what is below it.</summary>
    public async Task<string> PageAsync(string below = "") => WebUtility.HtmlDecode((await SendAsync(HttpMethod.Get, "/usage" + below)).Text);

    public void Dispose() => _client.Dispose();

    private void Keep(HttpResponseMessage response)
    {
        foreach (var line in response.Headers.TryGetValues("Set-Cookie", out var lines) ? lines : [])
        {
            SetCookies.Add(line);
            var pair = line.Split(';')[0].Split('=', 2);
            if (pair[1].Length == 0)
            {
                Assert.DoesNotContain("max-age", line, StringComparison.OrdinalIgnoreCase);
                Cookies.Remove(pair[0]);
            }
            else
            {
                Cookies[pair[0]] = pair[1];
            }
        }
    }
}
