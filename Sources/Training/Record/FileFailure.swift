import Foundation

/// Why Foundation could not read or write a file, in a few words that follow a colon.
package enum FileFailure {
    package static func reason(_ error: any Error) -> String {
        switch (error as? CocoaError)?.code {
        case .fileNoSuchFile?, .fileReadNoSuchFile?: "there is no such file or folder"
        case .fileReadNoPermission?, .fileWriteNoPermission?: "no permission"
        case .fileWriteOutOfSpace?: "the disk is full"
        case .fileWriteVolumeReadOnly?: "the disk is read-only"
        case .fileWriteFileExists?: "a file of that name is in the way"
        default: error.localizedDescription
        }
    }
}
