namespace OpenAIProxy.JournalBench;

/// <summary>A writer who forces a megabyte at a time to the disk, as a database does.</summary>
internal sealed class BusyDisk : IDisposable
{
    private readonly FileStream _file;
    private readonly Thread _thread;
    private volatile bool _isStopped;

    public BusyDisk(string folder)
    {
        _file = new FileStream(
            Path.Combine(folder, "journal-bench-busy-" + Guid.NewGuid().ToString("N")), FileMode.CreateNew, FileAccess.Write, FileShare.None, 1,
            FileOptions.DeleteOnClose);
        _thread = new Thread(Write) { IsBackground = true };
        _thread.Start();
    }

    public void Dispose()
    {
        _isStopped = true;
        _thread.Join();
        _file.Dispose();
    }

    private void Write()
    {
        var bytes = new byte[1 << 20];
        while (!_isStopped)
        {
            _file.Position = 0;
            _file.Write(bytes);
            _file.Flush(flushToDisk: true);
        }
    }
}
