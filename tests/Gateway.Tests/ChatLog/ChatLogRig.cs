using System.Text.Json;
using OpenAIProxy.Gateway.Tests.Metering;

namespace OpenAIProxy.Gateway.Tests.ChatLog;

/// <summary>A metering gateway that writes its calls down, in a folder of its own.</summary>
internal sealed class ChatLogRig : IAsyncDisposable
{
    private readonly DirectoryInfo _above;
    private readonly bool _ownsFolder;

    private ChatLogRig(DirectoryInfo above, MeteredRig metered, bool ownsFolder)
    {
        _above = above;
        Metered = metered;
        _ownsFolder = ownsFolder;
    }

    public MeteredRig Metered { get; }

    public GatewayHost Gateway => Metered.Gateway;

    public RawUpstream Upstream => Metered.Upstream;

    /// <summary>The folder of the log; the gateway makes it.</summary>
    public string Folder => FolderIn(_above);

    public string[] Files => Directory.Exists(Folder) ? [.. Directory.GetFiles(Folder, "*.jsonl").Order(StringComparer.Ordinal)] : [];

    public static Task<ChatLogRig> StartAsync(params (string, string)[] settings) => StartAsync(TimeProvider.System, settings);

    public static Task<ChatLogRig> StartAsync(TimeProvider time, params (string, string)[] settings)
        => StartAsync(Directory.CreateTempSubdirectory("openaiproxy-chatlog-"), time, ownsFolder: true, settings);

    /// <summary>One more gateway with the folder of this one.</summary>
    public Task<ChatLogRig> StartSecondAsync() => StartAsync(_above, TimeProvider.System, ownsFolder: false);

    /// <summary>One in a folder that may already hold something.</summary>
    public static async Task<ChatLogRig> StartAsync(DirectoryInfo above, TimeProvider time, bool ownsFolder, params (string, string)[] settings)
        => new(above, await MeteredRig.StartAsync(time, [("ChatLog:Directory", FolderIn(above)), .. settings]), ownsFolder);

    /// <summary>What turns the chat log on where nobody reads it: in a folder that <see cref="GatewayHost"/> deletes.</summary>
    public static (string, string)[] InTheJournalsFolder()
    {
        var journal = Path.Combine(Path.GetTempPath(), $"openaiproxy-test-journal-{Guid.NewGuid():N}");
        return [("Metering:JournalDirectory", journal), ("ChatLog:Directory", Path.Combine(journal, "chat"))];
    }

    public static string FolderIn(DirectoryInfo above) => Path.Combine(above.FullName, "data", "chat");

    /// <summary>All that is written so far.</summary>
    public string Text() => string.Concat(Files.Select(ReadShared));

    /// <summary>The lines, as soon as there are so many.</summary>
    public async Task<JsonElement[]> LinesAsync(int count)
    {
        await HangGuard.Until(() => Text().Count(c => c == '\n') >= count, $"{count} lines of the chat log");
        return [.. Text().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line))];
    }

    public async Task<JsonElement> LineAsync() => Assert.Single(await LinesAsync(1));

    public async ValueTask DisposeAsync()
    {
        await Metered.DisposeAsync();
        if (_ownsFolder)
        {
            _above.Delete(recursive: true);
        }
    }

    public static string ReadShared(string file)
    {
        using var reader = new StreamReader(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        return reader.ReadToEnd();
    }
}
