namespace Laurel.App.Platform.Localisation;

/// <summary>Names the texts of the pages: English as written in the code, Lithuanian in Ui.lt.resx.</summary>
public sealed class Ui
{
    /// <summary>Marks a text that is localised later, where it is shown, so that the check of translations finds it.</summary>
    public static string Text(string english) => english;
}
