using System.Globalization;
using System.Text.RegularExpressions;
using OpenAIProxy.ServiceDefaults.Files;

namespace OpenAIProxy.Gateway.ChatLog.Files;

/// <summary>
/// The folder of the chat log. Each process has files of its own in it, chat-2026-11-30-1a2b3c4d-1.jsonl, so any number of gateways may share it:
/// day (UTC), process, and number within the process.
/// </summary>
internal sealed partial class ChatLogFolder(string path, TimeProvider time)
{
    private const string Day = "yyyy-MM-dd";

    private readonly string _process = Convert.ToHexStringLower(Guid.NewGuid().ToByteArray().AsSpan(0, 4));

    /// <summary>Its full path.</summary>
    public string FullPath => path;

    /// <summary>Makes it.</summary>
    /// <exception cref="IOException">It can't be made, or written.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public void Open()
    {
        OwnFiles.CreateFolder(path);
        var probe = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Options = FileOptions.DeleteOnClose }.AsOwn();
        new FileStream(Path.Combine(path, $".{_process}"), probe).Dispose();
    }

    /// <summary>Cuts off the lines that killed gateways had begun.</summary>
    public void CutTornLines()
    {
        foreach (var (file, _) in Files())
        {
            if (!Path.GetFileName(file).Contains(_process, StringComparison.Ordinal))
            {
                TornLine.CutOff(file, time);
            }
        }
    }

    /// <summary>Makes a new file.</summary>
    public FileStream Create(DateOnly day, int number)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"chat-{day.ToString(Day, CultureInfo.InvariantCulture)}-{_process}-{number}.jsonl");
        OwnFiles.CreateFolder(path);
        // No buffer: a line is written at once, and whole.
        return new FileStream(Path.Combine(path, name), new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            Share = FileShare.Read | FileShare.Delete,
            BufferSize = 0,
        }.AsOwn());
    }

    /// <summary>Deletes the files of days before <paramref name="first"/>, and nothing else that lies there. Returns those that can't be deleted.</summary>
    public List<UndeletedFile> DeleteBefore(DateOnly first)
    {
        var left = new List<UndeletedFile>();
        foreach (var (file, _) in Files().Where(file => file.Day < first))
        {
            try
            {
                File.Delete(file);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                left.Add(new UndeletedFile(file, e.Message));
            }
        }

        return left;
    }

    private IEnumerable<(string File, DateOnly Day)> Files()
    {
        string[] files;
        try
        {
            files = Directory.GetFiles(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Next time.
            return [];
        }

        return from file in files let day = DayOf(Path.GetFileName(file)) where day is not null select (file, day.Value);
    }

    private static DateOnly? DayOf(string name)
        => Name().Match(name) is { Success: true } match
            && DateOnly.TryParseExact(match.Groups[1].Value, Day, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? day
            : null;

    [GeneratedRegex("^chat-([0-9]{4}-[0-9]{2}-[0-9]{2})-[0-9a-f]{8}-[0-9]+\\.jsonl$")]
    private static partial Regex Name();
}
