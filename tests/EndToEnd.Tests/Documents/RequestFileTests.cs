namespace OpenAIProxy.EndToEnd.Tests.Documents;

/// <summary>The requests that an editor sends while the demo runs are answered.</summary>
public sealed class RequestFileTests(DemoApp demo)
{
    private const string Requests = "requests/gateway.http";

    public static TheoryData<string> Names { get; } = [.. RequestFile.Read(Requests).Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Request_SentToTheDemo_Succeeds(string name)
    {
        var variables = RequestFile.Variables(Requests).ToDictionary();
        Assert.Equal("http://localhost:8000", variables["gateway"]);
        variables["gateway"] = demo.Address.ToString().TrimEnd('/');

        using var request = RequestFile.Make(RequestFile.Read(Requests)[name], variables);
        using var answer = await demo.Client.SendAsync(request);

        Assert.True(answer.IsSuccessStatusCode, $"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
    }
}
