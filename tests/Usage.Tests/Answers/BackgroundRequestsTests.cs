using OpenAIProxy.Usage.Answers;

namespace OpenAIProxy.Usage.Tests.Answers;

public sealed class BackgroundRequestsTests
{
    [Fact]
    public void Requests_BeyondTheRoom_ForgetTheOldest()
    {
        var requests = new BackgroundRequests();
        for (var i = 0; i < 30_000; i++)
        {
            requests.Keep(i % 2 == 0 ? null : "owner", $"resp_{i}", default);
        }

        var kept = Enumerable.Range(0, 30_000).Where(i => requests.Find(i % 2 == 0 ? null : "owner", $"resp_{i}") is not null).ToArray();

        Assert.InRange(kept.Length, 8_192, 16_384);
        Assert.Equal(Enumerable.Range(30_000 - kept.Length, kept.Length), kept);
        Assert.Null(requests.Find("owner", "resp_29998"));
    }
}
